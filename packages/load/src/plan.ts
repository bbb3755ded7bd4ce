/** How a client treats its connections. */
export type ClientKind = "keep-alive" | "new-connection";

/** Where requests go. `dialed` targets get their sockets from the `dial` function given to `startLoad`. */
export interface Target {
  /** Shown in reports, for example `ingress` or `service`. */
  readonly name: string;
  readonly via:
    | { readonly kind: "tcp"; readonly host: string; readonly port: number }
    | { readonly kind: "dialed" };
  /** The Host header. */
  readonly hostHeader: string;
  readonly path: string;
}

/** A load plan: everything is fixed before the first request is sent. */
export interface LoadPlan {
  readonly targets: readonly Target[];
  /** Requests per second over all targets, clients and methods together. */
  readonly ratePerSecond: number;
  readonly clients: readonly ClientKind[];
  readonly methods: readonly ("GET" | "POST")[];
  /** Connections of each keep-alive client pool, per target. */
  readonly keepAliveConnections: number;
  readonly connectTimeoutMs: number;
  readonly responseTimeoutMs: number;
  /** Local addresses to send from, in turn; empty for the system's choice. Only for `tcp` targets. */
  readonly sourceAddresses: readonly string[];
  /** Status codes that count as good. Default of the trial: 200–399. */
  readonly goodStatus: readonly [from: number, to: number];
  /** A response header whose value names the answering pod or version, recorded when present (lower case), e.g. `x-pod-name`. */
  readonly recordHeaders: readonly string[];
  readonly seed: number;
  /** The longest run; the generator stops by itself then. */
  readonly maxDurationMs: number;
  /** The run is invalid when the 99th percentile of send lag passes this. */
  readonly maxLagP99Ms: number;
}
