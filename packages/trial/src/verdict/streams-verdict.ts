import { countText, type StreamEnd, type StreamReport } from "@seaworthy/load";
import { attribute, type AttributionContext } from "../causes/attribute.ts";
import type { Cause } from "../causes/cause.ts";
import { isUnavoidable } from "../causes/unavoidable.ts";
import { streamAsOutcome } from "./held-streams.ts";
import type { ScenarioResult } from "./scenario-result.ts";

/** What became of the streams that were held open through all scenarios. */
export interface StreamsVerdict {
  /** So many were held at a time. */
  readonly held: number;
  /** Ends of which the server told, as `StreamEnd` has it. */
  readonly announced: number;
  readonly broken: number;
  /** Of the broken ones, those of pods that the trial killed, or of an edge that it restarted: they count against nobody. */
  readonly unavoidable: number;
  /** The longest time for which one client was without a stream. */
  readonly longestWithoutMs: number;
  readonly kinds: readonly Omit<StreamReport, "refusal">[];
  /** Each broken stream, up to a limit. */
  readonly breaks: readonly StreamBreak[];
}

/** A broken stream, joined to the pod that it led to. */
export interface StreamBreak {
  readonly at: string;
  readonly scenario: string | null;
  readonly kind: StreamEnd["kind"];
  readonly target: string;
  readonly path: string;
  readonly detail: string;
  /** null when its client did not come back before the end of the run. */
  readonly withoutMs: number | null;
  readonly pod: string | null;
  readonly sinceDeletionMs: number | null;
  readonly cause: Cause;
}

/** What is told of streams by a load. */
export interface StreamsLoad {
  readonly streams?: readonly StreamReport[];
  readonly streamEnds?: readonly StreamEnd[];
}

const mostBreaks = 1_000;

/** What an app has to do that no field of a manifest does for it. */
export const streamAdvice =
  "at SIGTERM end each stream in order and early in the drain: the answer of server-sent events to its end, a WebSocket with the close frame 1001, a stream of gRPC with its status; the grace period has to be long enough for it";

/** Joins broken streams to the pods that they led to; undefined where no stream was held. */
export function streamsVerdict(
  { streams = [], streamEnds = [] }: StreamsLoad,
  context: AttributionContext,
  scenarios: readonly ScenarioResult[],
): StreamsVerdict | undefined {
  if (streams.length === 0) return undefined;
  const sum = (count: (each: StreamReport) => number) => streams.reduce((all, each) => all + count(each), 0);
  const breaks = streamEnds
    .filter(({ end }) => end === "broken")
    .map((end) => breakOf(end, context, scenarios));
  return {
    held: sum(({ connections }) => connections),
    announced: sum(({ announced }) => announced),
    broken: sum(({ broken }) => broken),
    unavoidable: breaks.filter(({ cause }) => isUnavoidable(cause)).length,
    longestWithoutMs: Math.round(Math.max(...streams.map(({ longestWithoutMs }) => longestWithoutMs))),
    kinds: streams.map((each) => kindOf(each)),
    breaks: breaks.slice(0, mostBreaks),
  };
}

/** Broken streams that somebody could have saved. */
export function lostStreams(streams: Pick<StreamsVerdict, "broken" | "unavoidable"> | undefined): number {
  return streams === undefined ? 0 : streams.broken - streams.unavoidable;
}

/**
 * Whether a stream was cut by somebody else, which a load that is late does not cause. One that was given up because it was silent
 * may have been so to a late load alone.
 */
export function hasCutStreams(streams: Pick<StreamsVerdict, "breaks"> | undefined): boolean {
  return (streams?.breaks ?? []).some(
    ({ cause, detail }) => !isUnavoidable(cause) && !detail.startsWith("silent"),
  );
}

/** `24 streams: 18 ended with an announcement, 6 broken, and 2 with killed pods`. */
export function streamsSentence({ unavoidable, broken, held, announced, breaks }: StreamsVerdict): string {
  const what = breaks.some(({ cause }) => cause === "edge-restarted")
    ? "what the trial ended"
    : "killed pods";
  const killed = unavoidable === 0 ? "" : `, and ${countText(unavoidable)} with ${what}`;
  return `${countText(held)} streams: ${countText(announced)} ended with an announcement, ${countText(broken - unavoidable)} broken${killed}`;
}

function kindOf(report: StreamReport): StreamsVerdict["kinds"][number] {
  const { kind, target, path, connections, opened, announced, broken, refused } = report;
  const longestWithoutMs = Math.round(report.longestWithoutMs);
  return { kind, target, path, connections, opened, announced, broken, refused, longestWithoutMs };
}

function breakOf(
  end: StreamEnd,
  context: AttributionContext,
  scenarios: readonly ScenarioResult[],
): StreamBreak {
  const { kind, target, path, detail, endedAt, withoutMs } = end;
  const { pod, sinceDeletionMs, cause } = attribute(streamAsOutcome(end), context);
  const at = new Date(endedAt).toISOString();
  return {
    at,
    scenario: scenarios.findLast(({ startedAt }) => startedAt <= at)?.name ?? null,
    kind,
    target,
    path,
    detail,
    withoutMs: withoutMs === undefined ? null : Math.round(withoutMs),
    pod: pod?.name ?? null,
    sinceDeletionMs: sinceDeletionMs === undefined ? null : Math.round(sinceDeletionMs),
    cause,
  };
}
