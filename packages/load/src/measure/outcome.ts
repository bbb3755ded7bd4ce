import type { ClientKind } from "../plan/plan.ts";

/** What became of a request. Everything but `ok` is a failure; nothing is ever sent twice. */
export type OutcomeClass = "ok" | FailureClass;

/** The failures, in the order in which a request can meet them. */
export const failureClasses = [
  /** ECONNREFUSED at connect. */
  "refused",
  /** EHOSTUNREACH or ENETUNREACH at connect, or a name that has no address any more. */
  "unreachable",
  /** No connection within connectTimeoutMs; over TLS, no handshake. */
  "connect-timeout",
  /** The TCP connection was up and the TLS handshake failed: certificate, protocol, or the peer ended it. */
  "tls-failure",
  /** Connection reset (or EPIPE) after it was up, before the first byte of the answer. */
  "reset-before-answer",
  /** Connection closed cleanly (FIN) before the first byte of the answer. */
  "closed-before-answer",
  /** Reset in the middle of the answer. */
  "reset-mid-answer",
  /** Closed in the middle of the answer. */
  "closed-mid-answer",
  /** Connected and sent, but not fully answered within responseTimeoutMs. */
  "response-timeout",
  /** An answer that HTTP does not allow, or with bytes behind its end. */
  "malformed-answer",
  /** A complete answer with a status that was not expected. */
  "bad-status",
  /** A complete answer to a call of gRPC, whose status (in the trailers) was not expected. */
  "bad-grpc-status",
  /** An answer to a call of gRPC that ended without saying what became of the call. */
  "no-grpc-status",
  /** A complete answer of a good status without the header or body that was expected, or to another request. */
  "failed-expectation",
] as const;

/** A class of failure. */
export type FailureClass = (typeof failureClasses)[number];

/** One request's record. Times are milliseconds since the epoch, with fractions. */
export interface Outcome {
  readonly class: OutcomeClass;
  readonly target: string;
  readonly client: ClientKind;
  readonly method: string;
  /** The kind of request that it was, where the plan has several: `GET /orders`. */
  readonly request?: string;
  /** When the schedule wanted the request to be sent. */
  readonly intendedAt: number;
  /** When the request was in fact started. */
  readonly sentAt: number;
  readonly doneAt: number;
  /** True when the request went out on a connection that had carried an earlier one. */
  readonly reusedConnection: boolean;
  /** Of HTTP; or, of a call that gRPC has answered, its code, which is below 100. */
  readonly status?: number;
  /** The errno or a short text. */
  readonly detail?: string;
  /** The `recordHeaders` of the answer. `previous` has those of the answer before, on a failure over a reused connection. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly previous?: Readonly<Record<string, string>>;
  /** For dialed targets: the peer that the dialer chose (pod IP:port), also when the peer refused the connection. */
  readonly peer?: string;
}
