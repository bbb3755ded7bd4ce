import type { ClientKind } from "./plan.ts";

/** What became of a request. Everything but `ok` is a failure; nothing is ever sent twice. */
export type OutcomeClass =
  | "ok"
  /** ECONNREFUSED at connect. */
  | "refused"
  /** EHOSTUNREACH or ENETUNREACH at connect. */
  | "unreachable"
  /** No connection within connectTimeoutMs. */
  | "connect-timeout"
  /** Connection reset (or EPIPE) after it was up, before the first byte of the answer. */
  | "reset-before-answer"
  /** Connection closed cleanly (FIN) before the first byte of the answer. */
  | "closed-before-answer"
  /** Reset in the middle of the answer. */
  | "reset-mid-answer"
  /** Closed in the middle of the answer. */
  | "closed-mid-answer"
  /** Connected and sent, but not fully answered within responseTimeoutMs. */
  | "response-timeout"
  /** A complete answer with a status outside goodStatus. */
  | "bad-status"
  /** A complete answer that is not the one expected (a POST body not echoed, a malformed answer). */
  | "wrong-body";

/** One request's record. Times are milliseconds since the epoch, with fractions. */
export interface Outcome {
  readonly class: OutcomeClass;
  readonly target: string;
  readonly client: ClientKind;
  readonly method: "GET" | "POST";
  /** When the schedule wanted it sent. */
  readonly intendedAt: number;
  /** When it was in fact started. */
  readonly sentAt: number;
  readonly doneAt: number;
  /** True when the request went out on a connection that had carried an earlier one. */
  readonly reusedConnection: boolean;
  readonly status?: number;
  /** The errno or a short text. */
  readonly detail?: string;
  /** `planned.recordHeaders` found in the answer. On a failure over a reused connection: those of the connection's previous answer, under `previous`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly previous?: Readonly<Record<string, string>>;
  /** For dialed targets: the peer the dialer said it chose (pod IP:port), also for refused ones. */
  readonly peer?: string;
}
