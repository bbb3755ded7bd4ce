import type { IncomingHttpHeaders } from "node:http";
import { readB3Multi, readB3Single } from "./b3.ts";
import { readTraceparent } from "./traceparent.ts";

/** The trace that a request belongs to: https://www.w3.org/TR/trace-context/ */
export interface TraceContext {
  /** 32 lowercase hexadecimal digits. */
  readonly traceId: string;
  /** The id of the span that is current here: 16 lowercase hexadecimal digits. */
  readonly spanId: string;
  /** Whether the span is recorded and exported. */
  readonly sampled: boolean;
  /** The part of the `tracestate` header that is passed on, where there is any. */
  readonly traceState: string | undefined;
}

/** The trace that a request is part of, as its headers tell it. */
export type RemoteContext = RemoteDecision & (RemoteSpan | NoRemoteSpan);

interface RemoteDecision {
  /** Whether the caller records the trace. Undefined: it leaves the decision to us. */
  readonly sampled: boolean | undefined;
  /** B3's request to record by all means. It implies `sampled`. */
  readonly debug: boolean;
  /** W3C only: other vendors' part, to be passed on. */
  readonly traceState: string | undefined;
  readonly format: "tracecontext" | "b3" | "b3multi";
}

interface RemoteSpan {
  /** 32 lowercase hexadecimal digits; ids of 64 bits are padded on the left. */
  readonly traceId: string;
  /** The caller's span; 16 lowercase hexadecimal digits. */
  readonly parentSpanId: string;
}

/** B3 can carry a decision alone, as in `b3: 0`. */
interface NoRemoteSpan {
  readonly traceId: undefined;
  readonly parentSpanId: undefined;
}

/**
 * Reads W3C Trace Context, B3 in one header, B3 in several headers: the first of them that is there and valid counts.
 * Undefined: the request is not part of a trace, which costs five look-ups and no allocation. Never throws.
 */
export function readTraceContext(headers: IncomingHttpHeaders): RemoteContext | undefined {
  const { traceparent, b3 } = headers;
  const traceId = headers["x-b3-traceid"];
  const sampled = headers["x-b3-sampled"];
  const flags = headers["x-b3-flags"];
  if (traceparent !== undefined) {
    const context = readTraceparent(traceparent, headers["tracestate"]);
    if (context !== undefined) return context;
  }
  if (b3 !== undefined) {
    const context = readB3Single(b3);
    if (context !== undefined) return context;
  }
  if (traceId === undefined && sampled === undefined && flags === undefined) return undefined;
  return readB3Multi(traceId, headers["x-b3-spanid"], sampled, flags);
}
