import type { ContainerJournal } from "@seaworthy/cluster";
import { attribute, type AttributionContext } from "../causes/attribute.ts";
import type { DeploymentFacts } from "../causes/deployment-facts.ts";
import { journalsOf, servingJournal } from "../causes/pod-journals.ts";
import { firstReadyAt } from "../causes/pod-moments.ts";
import type { PodLife } from "../timeline/timeline.ts";
import type { TimedLoad } from "./measure-times.ts";

/** The times of one pod, in milliseconds; what could not be seen is undefined. */
export interface PodTimes {
  readonly withdrawnMs: number | undefined;
  readonly servedOnMs: number | undefined;
  readonly drainedMs: number | undefined;
  readonly killedMs: number | undefined;
  readonly startedMs: number | undefined;
  readonly routedMs: number | undefined;
}

/** Reads the times of one pod: from its journal, or from its status where the cluster keeps none. */
export function podTimes(
  pod: PodLife,
  facts: DeploymentFacts,
  loads: readonly TimedLoad[],
  context: AttributionContext,
): PodTimes {
  const journal = servingJournal(journalsOf(pod, context.journals), facts.containerName);
  const end = journal === undefined ? endByStatus(pod, facts) : endByJournal(pod, journal, context);
  const readyAt = firstReadyAt(pod);
  return {
    withdrawnMs: withdrawnMs(pod, loads, context),
    servedOnMs: end?.servedOnMs,
    drainedMs: end?.drainedMs,
    killedMs: end?.killedMs,
    startedMs: readyAt === undefined || journal?.standIn === true ? undefined : readyAt - pod.seenAt,
    routedMs: readyAt === undefined ? undefined : routedMs(pod, readyAt, loads),
  };
}

/** By the answers on new connections, by the failures on them, and by the EndpointSlice: the latest of them. */
function withdrawnMs(
  pod: PodLife,
  loads: readonly TimedLoad[],
  context: AttributionContext,
): number | undefined {
  const { deletionSeenAt } = pod;
  if (deletionSeenAt === undefined) return undefined;
  const answered = loads.flatMap((load) => newAnswers(pod, load));
  // An app whose answers do not name their pod shows only those requests that were lost in it.
  if (answered.length === 0 || isCutShort(loads, deletionSeenAt)) return undefined;
  const lost = loads
    .flatMap(({ failures }) => failures)
    .filter(({ reusedConnection }) => !reusedConnection)
    .filter((outcome) => attribute(outcome, context).deleted?.uid === pod.uid)
    .map(({ sentAt }) => sentAt);
  const gone = context.timeline.endpoints.find(
    ({ at, ready, namespace }) =>
      namespace === pod.namespace && at >= deletionSeenAt && !ready.includes(pod.ip ?? ""),
  )?.at;
  return Math.max(0, ...[...answered, ...lost, gone ?? 0].map((at) => at - deletionSeenAt));
}

/** When requests were due that went out on new connections and that the pod answered well. */
function newAnswers(pod: PodLife, { answers, startedAt }: TimedLoad): number[] {
  const number = answers.names.indexOf(pod.name) + 1;
  if (number === 0) return [];
  return answers.dueMs.flatMap((due, index) =>
    answers.by[index] === number && answers.reused[index] !== true ? [startedAt + due] : [],
  );
}

/** A long run does not keep all of its answers. */
function isCutShort(loads: readonly TimedLoad[], at: number): boolean {
  const load = loads.find(({ startedAt, endedAt }) => at >= startedAt && at <= endedAt);
  return load === undefined || load.ok > load.answers.dueMs.length;
}

interface End {
  readonly servedOnMs?: number;
  readonly drainedMs?: number;
  readonly killedMs?: number;
}

/** What a stand-in does is not what the app does. */
function endByJournal(
  pod: PodLife,
  journal: ContainerJournal,
  { kept }: AttributionContext,
): End | undefined {
  const { signal, closedAt, end, kill, standIn } = journal;
  if (signal === undefined || standIn) return undefined;
  const bad = kept.find(({ podUid, badAnswer }) => podUid === pod.uid && badAnswer !== undefined)?.badAnswer;
  const overAt = [closedAt, kill?.at, end?.at, bad?.at].filter((time) => time !== undefined);
  return {
    ...(overAt.length === 0 ? {} : { servedOnMs: Math.max(0, Math.min(...overAt) - signal.at) }),
    ...(end === undefined || kill !== undefined ? {} : { drainedMs: Math.max(0, end.at - signal.at) }),
    ...(kill === undefined ? {} : { killedMs: Math.max(0, kill.at - signal.at) }),
  };
}

/** A status tells when a container ended, and the manifest how long its hook held the signal back. */
function endByStatus(pod: PodLife, { containerName, preStop }: DeploymentFacts): End | undefined {
  const { deletionSeenAt, ends } = pod;
  const end = ends.findLast(({ container }) => container === containerName);
  if (deletionSeenAt === undefined || end === undefined || end.at < deletionSeenAt) return undefined;
  if (preStop !== undefined && preStop.seconds === undefined) return undefined;
  const tookMs = Math.max(0, end.at - deletionSeenAt - (preStop?.seconds ?? 0) * 1000);
  return end.exitCode === 137 ? { killedMs: tookMs } : { drainedMs: tookMs };
}

/** The pod's first answer, if the load saw it become ready. */
function routedMs(pod: PodLife, readyAt: number, loads: readonly TimedLoad[]): number | undefined {
  const load = loads.find(({ startedAt, endedAt }) => readyAt >= startedAt && readyAt <= endedAt);
  const number = load === undefined ? 0 : load.answers.names.indexOf(pod.name) + 1;
  if (load === undefined || number === 0) return undefined;
  const first = load.answers.by.reduce(
    (least, by, index) => (by === number ? Math.min(least, load.answers.dueMs[index]!) : least),
    Infinity,
  );
  return Math.max(0, load.startedAt + first - readyAt);
}
