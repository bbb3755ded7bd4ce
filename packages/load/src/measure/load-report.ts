import type { Answers } from "./answer-log.ts";
import type { HistogramData } from "./histogram.ts";
import type { FailureClass, Outcome } from "./outcome.ts";
import type { StreamEnd, StreamReport, UnendedStream } from "./stream-end.ts";

/** What a histogram says in a few numbers. All are 0 when nothing was counted. */
export interface LatencySummary {
  readonly count: number;
  readonly minMs: number;
  readonly meanMs: number;
  readonly stdDevMs: number;
  readonly p50Ms: number;
  readonly p75Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/** One second of the run, or several of a long run: the requests that ended in it, and the state at its end. */
export interface Interval {
  /** Milliseconds after the start. */
  readonly fromMs: number;
  readonly durationMs: number;
  /** Requests that became due. */
  readonly scheduled: number;
  readonly ok: number;
  readonly failed: number;
  readonly unsent: number;
  /** Requests in flight at the end of the interval. */
  readonly inFlight: number;
  readonly bytesReceived: number;
  /** Latency of the good answers, from the intended time; undefined when there was none. */
  readonly p50Ms: number | undefined;
  readonly p90Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly maxMs: number | undefined;
}

/** A part of the requests: those to one target, those of one kind, or those that one pod answered. Latency as in the report. */
export interface Split {
  readonly ok: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** The whole run. Latency is that of good answers alone. */
export interface LoadReport {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** `closed`: the clients waited for their answers, so that a stalling server is asked less. */
  readonly loop: "open" | "closed";
  /** Requests that became due. */
  readonly scheduled: number;
  readonly ok: number;
  readonly failed: number;
  /** Requests that the generator itself could not send. With one, the run is invalid. */
  readonly unsent: number;
  /** How often each class of failure was met. Classes that were not met are left out. */
  readonly classes: Readonly<Partial<Record<FailureClass, number>>>;
  /** Answers by their status: of HTTP, or the code of a call of gRPC, which is below 100. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Each failure, up to a limit. */
  readonly failures: readonly Outcome[];
  /** How the streams fared that were held beside the requests, and each end of one, up to a limit. */
  readonly streams: readonly StreamReport[];
  readonly streamEnds: readonly StreamEnd[];
  /** The other streams, up to the same limit: with `streamEnds` it can be told who held one when. */
  readonly unendedStreams: readonly UnendedStream[];
  /** The first `maxAnswers` good answers, one by one. */
  readonly answers: Answers;
  readonly rate: {
    /** Requests per second that the plan wanted. Undefined in a closed loop. */
    readonly intended: number | undefined;
    /** Requests that were started, per second of the time in which they became due. */
    readonly achieved: number;
  };
  /** Latency from the time that the schedule wanted; in a closed loop from the send. */
  readonly latency: LatencySummary;
  /** Latency from the send. */
  readonly serviceTime: LatencySummary;
  readonly histograms: {
    readonly latency: HistogramData;
    readonly serviceTime: HistogramData;
    /** Latency of each kind of request, where there are several. */
    readonly byRequest: ReadonlyMap<string, HistogramData>;
  };
  readonly intervals: readonly Interval[];
  readonly bytes: { readonly sent: number; readonly received: number };
  readonly connections: { readonly opened: number };
  readonly byTarget: Readonly<Record<string, Split>>;
  /** By the kind of request, where the plan has several; those with the least shares together. */
  readonly byRequest: Readonly<Record<string, Split>>;
  /** Answers per value of the first of `recordHeaders`, to tell how traffic spread. */
  readonly answeredBy: Readonly<Record<string, Split>>;
  readonly generator: {
    readonly workers: number;
    /** How much later than intended requests were started. */
    readonly lagP50Ms: number;
    readonly lagP99Ms: number;
    readonly lagMaxMs: number;
    /** The longest time for which an event loop of the generator stood still. */
    readonly loopLagMaxMs: number;
    readonly valid: boolean;
    readonly why: string | undefined;
  };
  /** Facts that the reader should know although they do not make the run invalid. */
  readonly warnings: readonly string[];
}
