import type { LoadReport } from "@seaworthy/load";
import type { AttributionContext } from "../causes/attribute.ts";
import { endedByTrial } from "../causes/harm.ts";
import type { DeploymentFacts } from "../causes/deployment-facts.ts";
import { idleTimeoutMs } from "../causes/evidence.ts";
import type { PodLife } from "../timeline/timeline.ts";
import { podTimes, type PodTimes } from "./pod-times.ts";

/** One time, as it was in those pods in which it could be seen. */
export interface Measured {
  readonly pods: number;
  readonly shortestMs: number;
  readonly longestMs: number;
}

/** What a run measured of the pods of one Deployment. Undefined is what could not be seen. */
export interface MeasuredTimes {
  readonly facts: DeploymentFacts;
  /** The pods that were asked to end, whether or not their times could be seen. */
  readonly ends: number;
  /** From a pod's deletion to the last request that was routed to it anew. */
  readonly withdrawn: Measured | undefined;
  /** From the stop signal to the moment at which it served no more. */
  readonly servedOn: Measured | undefined;
  /** From the stop signal to the end of its process, where that ended by itself. */
  readonly drained: Measured | undefined;
  /** From the stop signal to the SIGKILL, where that came first. */
  readonly killed: Measured | undefined;
  /** From a pod's creation to its readiness. */
  readonly started: Measured | undefined;
  /** From a pod's readiness to its first answer. */
  readonly routed: Measured | undefined;
  /** How long the app keeps an idle connection, where it was seen to close one. */
  readonly idleMs: number | undefined;
  readonly edgeIdleMs: number | undefined;
  /** The slowest good answer of the run. */
  readonly longestAnswerMs: number;
  /** Whether stand-ins ran in place of the app: then only what others did to its pods was measured. */
  readonly isStandIn: boolean;
}

/** The part of a load's report that times are read from. */
export type TimedLoad = Pick<LoadReport, "startedAt" | "endedAt" | "ok" | "answers" | "failures"> & {
  readonly latency: Pick<LoadReport["latency"], "maxMs">;
};

/** Reads the times of some Deployments out of what a trial saw. */
export function measureTimes(
  deployments: readonly DeploymentFacts[],
  loads: readonly TimedLoad[],
  context: AttributionContext,
): MeasuredTimes[] {
  return deployments.map((facts) => {
    const pods = context.timeline.pods.filter(
      (pod) => pod.deployment === facts.name && pod.namespace === facts.namespace,
    );
    const asked = pods.filter((pod) => isAskedToEnd(pod, loads, context));
    const ends = asked.map((pod) => podTimes(pod, facts, loads, context));
    const starts = pods
      .filter((pod) => loads.some(({ startedAt, endedAt }) => isWithin(pod.seenAt, startedAt, endedAt)))
      .map((pod) => podTimes(pod, facts, loads, context));
    const uids = new Set(pods.map(({ uid }) => uid));
    return {
      facts,
      ends: asked.length,
      withdrawn: measured(ends, "withdrawnMs"),
      servedOn: measured(ends, "servedOnMs"),
      drained: measured(ends, "drainedMs"),
      killed: measured(ends, "killedMs"),
      started: measured(starts, "startedMs"),
      routed: measured(starts, "routedMs"),
      idleMs: idleTimeoutMs(context, uids),
      edgeIdleMs: context.edgeIdleMs,
      longestAnswerMs: Math.max(0, ...loads.map(({ latency }) => latency.maxMs)),
      isStandIn: context.journals.some(
        ({ podUid, container, standIn }) => standIn && container === facts.containerName && uids.has(podUid),
      ),
    };
  });
}

/** How a pod ends that the trial killed says nothing, and neither does one whose end nobody looked at. */
function isAskedToEnd(
  { deletionSeenAt, uid }: PodLife,
  loads: readonly TimedLoad[],
  { harms }: AttributionContext,
): boolean {
  if (deletionSeenAt === undefined || endedByTrial(uid, harms)) return false;
  return loads.some(({ startedAt, endedAt }) => isWithin(deletionSeenAt, startedAt, endedAt));
}

function isWithin(at: number, from: number, to: number): boolean {
  return at >= from && at <= to;
}

function measured(pods: readonly PodTimes[], name: keyof PodTimes): Measured | undefined {
  const times = pods.map((each) => each[name]).filter((time) => time !== undefined);
  if (times.length === 0) return undefined;
  return { pods: times.length, shortestMs: Math.min(...times), longestMs: Math.max(...times) };
}
