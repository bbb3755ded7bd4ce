/**
 * How a client treats its connections. `keep-alive`: a pool that lives through the run. `new-connection`: one for each
 * request. `max-uses` and `max-age`: a pool whose members are closed after so many requests, or after so long.
 */
export type ClientKind = "keep-alive" | "new-connection" | "max-uses" | "max-age";

/** What TLS needs to know about a target. */
export interface TlsSettings {
  /** The name asked for (SNI) and looked for in the certificate. Left out: the host of the target. */
  readonly serverName?: string;
  /** PEM of the authorities to trust, in place of those that Node knows. */
  readonly ca?: string;
  /** PEM of the client's own certificate, and of its key. */
  readonly cert?: string;
  readonly key?: string;
  /** Takes any certificate. */
  readonly insecure?: boolean;
}

/** Where the connections of a target go. `dialed` targets get their sockets from the `dial` function given to `startLoad`. */
export type Via =
  | {
      readonly kind: "tcp";
      readonly host: string;
      readonly port: number;
      /** The addresses of the host. `startLoad` fills them in. */
      readonly addresses?: readonly string[];
    }
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "dialed" };

/** Where requests go. */
export interface Target {
  /** Shown in reports, for example `ingress` or `service`. */
  readonly name: string;
  readonly via: Via;
  /** Left out: no TLS. */
  readonly tls?: TlsSettings;
  /** Default `http/1.1`. `h2` is asked for by ALPN over TLS, and spoken with prior knowledge without TLS. */
  readonly protocol?: "http/1.1" | "h2";
  /** The Host header. */
  readonly hostHeader: string;
  /** May hold placeholders: see {@link RequestTemplate}. */
  readonly path: string;
  /** The target's share of the requests, relative to the other targets: a whole number, default 1. */
  readonly weight?: number;
  /** The methods of the requests that the target takes. Left out: all. */
  readonly methods?: readonly string[];
  /** The statuses that are good for this target, in place of the plan's. */
  readonly status?: Expectation["status"];
}

/**
 * A request to be sent again and again. In path, header values and a body of text, `{{index}}` stands for the request's number in
 * the run, `{{token}}` for a text that no other request of the run has, `{{uuid}}` for a UUID drawn by the run's seed.
 */
export interface RequestTemplate {
  readonly method: string;
  /** The path, in place of the target's. */
  readonly path?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Bytes are sent as they are. */
  readonly body?: string | Uint8Array;
  /** The request's share, relative to the other requests of each target: a whole number, default 1. */
  readonly weight?: number;
  /** The names of the targets that get it. Left out: all whose methods allow it. */
  readonly targets?: readonly string[];
  /** The statuses that are good for this request, in place of the target's and the plan's. For a call of gRPC its codes; left out: 0. */
  readonly status?: Expectation["status"];
  /** A call of gRPC (see `grpcCall`): what became of it is said by the trailers of its answer. Its targets speak `h2`. */
  readonly grpc?: true;
}

/** Server-sent events or a WebSocket, over HTTP/1.1; or a call of gRPC that is answered by a stream. */
export type StreamKind = "sse" | "websocket" | "grpc";

/** Connections that are held open beside the requests, each opened again when it has ended. */
export interface StreamTemplate {
  readonly kind: StreamKind;
  readonly path: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** What is sent when a call is made: one message, framed, as in `grpcCall`. */
  readonly body?: string | Uint8Array;
  /** How many, to each target that gets it. */
  readonly connections: number;
  /** The names of the targets that get it. Left out: all that speak its version of HTTP, which is `h2` for gRPC. */
  readonly targets?: readonly string[];
}

/** What makes an answer good. */
export interface Expectation {
  /** Ranges of status codes, ends included. */
  readonly status: readonly (readonly [from: number, to: number])[];
  /** Each named header must be there, and match the regular expression when one is given. */
  readonly headers?: readonly { readonly name: string; readonly pattern?: string }[];
  /** A text that the body must hold, or a regular expression that it must match, in its first 64 KiB. */
  readonly body?: { readonly contains: string } | { readonly pattern: string };
  /** A header (lower case) that must carry the request's own token, if the answer has the header. */
  readonly echoHeader?: string;
}

/** A part of the run in which the rate rises or falls evenly, or stays. Rates are in requests per second. */
export interface Stage {
  readonly fromRate: number;
  readonly toRate: number;
  readonly durationMs: number;
}

/**
 * When requests are sent. `open`: at times that were fixed before, whatever the answers do. `closed`: each of so many clients
 * sends when its last answer has come, so that a stalling server slows the clients down; for comparison only.
 */
export type Pace =
  | {
      readonly kind: "open";
      readonly arrivals: "constant" | "poisson";
      readonly stages: readonly Stage[];
    }
  | { readonly kind: "closed"; readonly concurrency: number; readonly durationMs: number };

/** How names become addresses. */
export interface Dns {
  /** 0: both. */
  readonly family: 0 | 4 | 6;
  /** `first`: the first address that takes a connection. `all`: each in turn. */
  readonly use: "first" | "all";
  /** Names are looked up again after this time; 0: for every connection. Left out: they are looked up once. */
  readonly againAfterMs?: number;
}

/** A load plan: everything is fixed before the first request is sent. */
export interface LoadPlan {
  readonly targets: readonly Target[];
  readonly requests: readonly RequestTemplate[];
  /** Held open beside the requests, by the first worker. */
  readonly streams: readonly StreamTemplate[];
  readonly clients: readonly ClientKind[];
  readonly pace: Pace;
  /** The run ends after so many requests, if its time is not over before. */
  readonly maxRequests?: number;
  /** Connections of each pool, per target. */
  readonly keepAliveConnections: number;
  /** Requests on a connection of the client `max-uses`. */
  readonly maxUses: number;
  /** Age at which a connection of the client `max-age` takes no more requests. */
  readonly maxAgeMs: number;
  readonly connectTimeoutMs: number;
  readonly responseTimeoutMs: number;
  /** Local addresses to send from, in turn; empty for the system's choice. Only for `tcp` targets. */
  readonly sourceAddresses: readonly string[];
  readonly dns: Dns;
  readonly expect: Expectation;
  /** Response headers (lower case) that name the answering pod or version, recorded when present, e.g. `x-pod-name`. */
  readonly recordHeaders: readonly string[];
  /** So many good answers are kept one by one, at most; failures are kept in any case. */
  readonly maxAnswers: number;
  readonly seed: number;
  /** The most requests under way at the same time. Requests that become due beyond it are not sent, and the run is invalid. */
  readonly maxInFlight: number;
  /** Processes that share the load. */
  readonly workers: number;
  /** Watches the clock in place of a timer when the next request is near: sends nearer to the intended time, and takes a core. */
  readonly precise: boolean;
  /**
   * How long the run settles: what is answered and sent until then counts, but not how fast, in the report's latency, service time
   * and send lag. Connections are opened then, and code runs for the first time.
   */
  readonly settleMs: number;
  /** The run is invalid when the 99th percentile of send lag passes this. */
  readonly maxLagP99Ms: number;
}
