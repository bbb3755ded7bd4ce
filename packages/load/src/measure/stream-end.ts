import type { StreamKind } from "../plan/plan.ts";

/**
 * How a stream ended. `announced`: the server said that it ends, so that a client loses nothing and comes back at once: the
 * whole answer of server-sent events, a WebSocket's close frame with 1000, 1001 or 1012, or trailers of gRPC that say OK or UNAVAILABLE.
 * `broken`: everything else.
 */
export type StreamEnd = StreamLife<"announced" | "broken">;

/**
 * What did not end. `kept`: a stream that was open when the run was over. `refused`: the first of the tries, after a stream or at
 * the start, that opened none.
 */
export type UnendedStream = StreamLife<"kept" | "refused">;

/** A stream from its opening on. */
interface StreamLife<End extends string> {
  readonly kind: StreamKind;
  readonly target: string;
  readonly path: string;
  readonly end: End;
  /** `end of the answer`, `close 1001`, `ECONNRESET`, `silent for 30 s` … */
  readonly detail: string;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  readonly endedAt: number;
  /** How long its client was without a stream; undefined when it did not come back before the run was over. */
  readonly withoutMs: number | undefined;
  /** The `recordHeaders` of the answer that opened it, and the peer that a dialer chose. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly peer?: string;
}

/** How the streams of one template to one target fared. */
export interface StreamReport {
  readonly kind: StreamEnd["kind"];
  readonly target: string;
  readonly path: string;
  readonly connections: number;
  /** Streams that were opened, those that came back included. */
  readonly opened: number;
  readonly announced: number;
  readonly broken: number;
  /** Tries to open one that failed, and why the last one did. */
  readonly refused: number;
  readonly refusal: string | undefined;
  /** The longest time for which one client was without a stream, from the end of one, and at the start of the run from its first try. */
  readonly longestWithoutMs: number;
}
