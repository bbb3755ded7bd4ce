import type { Outcome } from "@seaworthy/load";
import type { AttributionContext } from "./attribute.ts";
import { mayMeet } from "./harm.ts";
import { isAnswer } from "./is-answer.ts";
import {
  busyWatchDelayMs,
  firstReadyAt,
  isStarting,
  podAt,
  restartNear,
  watchDelayMs,
} from "./pod-moments.ts";
import type { PodLife } from "../timeline/timeline.ts";

/** The pod that a failure met. `certain` when the failure itself names it, and not only the time. */
export interface FoundPod {
  readonly pod: PodLife | undefined;
  readonly certain: boolean;
}

/** Where the answer names a pod, its header is one of these. */
const podHeaders = ["x-pod-name", "x-hostname"];

/** Finds the pod that a request met: by its peer, by what answers say, or else by the time. */
export function findPod(outcome: Outcome, at: number, context: AttributionContext): FoundPod {
  const pods = context.timeline.pods;
  const ip = outcome.peer?.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  const byPeer =
    ip === undefined
      ? undefined
      : latest(pods.filter((pod) => pod.ip === ip && pod.seenAt <= at + watchDelayMs));
  if (byPeer !== undefined) return { pod: byPeer, certain: true };
  const previous = context.edges.includes(outcome.target) ? undefined : outcome.previous;
  for (const headers of [outcome.headers, previous]) {
    const name = podHeaders.map((header) => headers?.[header]).find((value) => value !== undefined);
    const named = name === undefined ? undefined : pods.find((pod) => pod.name === name);
    if (named !== undefined) return { pod: named, certain: true };
  }
  return { pod: nearestByTime(outcome, at, context), certain: false };
}

function latest(pods: readonly PodLife[]): PodLife | undefined {
  return pods.toSorted((left, right) => right.seenAt - left.seenAt)[0];
}

/** Without a name, the pod is the one whose own events can explain it best, if there is one. */
function nearestByTime(outcome: Outcome, at: number, context: AttributionContext): PodLife | undefined {
  const ending = context.timeline.pods
    .filter(
      (pod) =>
        canExplain(pod, outcome, at, context) ||
        restartNear(pod, at) !== undefined ||
        mayMeet(pod, context.harms?.get(pod.uid), outcome),
    )
    .map((pod) => ({ pod, distance: distanceToEnd(pod, at, context) }));
  const starting = (lateMs: number) =>
    context.timeline.pods
      .filter((pod) => isStarting(pod, at, context, lateMs))
      .map((pod) => ({ pod, distance: Math.abs(at - firstReadyAt(pod)!) }));
  // A pod that answers badly all the time explains a bad answer better than one that has just gone.
  const answering = ending.filter(({ pod }) => isAnsweringBadly(pod, outcome, at, context));
  const near = answering.length > 0 ? answering : [...ending, ...starting(watchDelayMs)];
  const candidates = near.length > 0 ? near : starting(busyWatchDelayMs);
  return candidates.toSorted((left, right) => left.distance - right.distance)[0]?.pod;
}

function isAnsweringBadly(pod: PodLife, outcome: Outcome, at: number, context: AttributionContext): boolean {
  if (!isAnswer(outcome)) return false;
  const { serving, endedFirst } = podAt(pod, at, context);
  const from = badAnswerFrom(pod, outcome.status, context) ?? Infinity;
  return endedFirst !== undefined || (at >= from && at < (serving?.end?.at ?? pod.goneAt ?? Infinity));
}

/** A pod that is deleted and serves on explains a failure only when it is known to answer badly. */
function canExplain(pod: PodLife, outcome: Outcome, at: number, context: AttributionContext): boolean {
  const moment = podAt(pod, at, context);
  if (!moment.deleted || moment.forgotten) return false;
  if (moment.closing || moment.endedFirst !== undefined) return true;
  return badAnswerFrom(pod, outcome.status, context) !== undefined;
}

/** From when on a pod is known to have given a bad status after its deletion: on a kept connection, or to another request. */
export function badAnswerFrom(
  pod: PodLife,
  status: number | undefined,
  { kept, badAnswers }: AttributionContext,
): number | undefined {
  const seen = [
    ...kept.filter(({ podUid }) => podUid === pod.uid).map(({ badAnswer }) => badAnswer),
    badAnswers?.get(pod.uid),
  ].filter((answer) => answer !== undefined && answer.status === status);
  const deletedAt = (pod.deletionSeenAt ?? Infinity) - 2 * watchDelayMs;
  const times = seen.map((answer) => answer!.at).filter((at) => at >= deletedAt);
  return times.length === 0 ? undefined : Math.min(...times);
}

function distanceToEnd(pod: PodLife, at: number, { harms }: AttributionContext): number {
  const moments = [
    pod.deletionSeenAt,
    ...pod.ends.map((end) => end.at),
    pod.goneAt,
    harms?.get(pod.uid)?.from,
  ].filter((time) => time !== undefined);
  return Math.min(...moments.map((moment) => Math.abs(at - moment)));
}
