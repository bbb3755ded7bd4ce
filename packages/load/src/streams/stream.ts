import type { StreamEnd } from "../measure/stream-end.ts";

/** A stream that was opened. */
export interface OpenStream {
  /** The head of the answer that opened it. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Fulfilled when the server, or the network, has ended it. */
  readonly ended: Promise<Pick<StreamEnd, "end" | "detail">>;
  /** Ends it from this side. */
  close(): void;
}

/** How the opening and the silence of streams is timed. */
export interface StreamTimes {
  /** How long the answer that opens it may take. */
  readonly openMs: number;
  /** A WebSocket that gives no sign of life for so long, although it has answered pings before, is broken. */
  readonly silentMs: number;
}
