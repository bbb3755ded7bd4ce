import type { ContainerJournal } from "@seaworthy/cluster";
import type { DeploymentFacts } from "./deployment-facts.ts";
import { closingFrom, journalsOf, servingJournal } from "./pod-journals.ts";
import type { PodLife } from "../timeline/timeline.ts";

/** A watch event can arrive a little after what it tells of. */
export const watchDelayMs = 250;
/** And much later where the trial and the cluster share a machine that is busy with new pods. */
export const busyWatchDelayMs = 1_000;
/**
 * How long after a pod's end its address may still be in a routing view: kube-proxy writes at most once a second; ingress-nginx takes
 * changes up every 3.3 s (sync-rate-limit 0.3), and its workers look at them once a second.
 */
export const routingTailMs = 4_500;
/** How long after it became ready a pod without a readiness probe may still be starting. */
const startingMs = 5_000;
/** What a node notes of a process and what a client feels of it lie no further apart than this. */
export const feltMs = 100;

/** What the moments of a pod are read from. */
export interface Moments {
  readonly journals: readonly ContainerJournal[];
  readonly facts: readonly DeploymentFacts[];
}

/** What one pod's own events say at one moment. */
export interface PodAt {
  readonly pod: PodLife;
  readonly at: number;
  readonly serving: ContainerJournal | undefined;
  readonly deleted: boolean;
  /** It may refuse or cut: its process was told to end, or is over. */
  readonly closing: boolean;
  /** Another container of the pod was over while the serving one was not. */
  readonly endedFirst: string | undefined;
  /** Its end, and the time for which its address may still be in a routing view, are over. */
  readonly forgotten: boolean;
}

/** Reads a pod's events at one moment; its status and manifest where there is no journal. */
export function podAt(pod: PodLife, at: number, moments: Moments): PodAt {
  const { serving, deletedFrom, closingFrom, forgottenFrom, otherEnds, servingEnd } = spansOf(pod, moments);
  return {
    pod,
    at,
    serving,
    deleted: at >= deletedFrom,
    closing: at >= closingFrom,
    // A busy node notes an end a little later than clients feel it.
    endedFirst:
      at >= servingEnd ? undefined : otherEnds.find((end) => end.at <= at + watchDelayMs)?.container,
    forgotten: at > forgottenFrom,
  };
}

/** What is the same of a pod at all moments. Infinity: never. */
interface PodSpans {
  readonly serving: ContainerJournal | undefined;
  readonly deletedFrom: number;
  readonly closingFrom: number;
  readonly forgottenFrom: number;
  /** The ends of containers that do not serve; none where nobody knows which one does. */
  readonly otherEnds: readonly { readonly container: string; readonly at: number }[];
  readonly servingEnd: number;
}

/** Thousands of failures may be joined to the same pods, with one reading of their events; it holds for one list of journals. */
const spansByJournals = new WeakMap<
  Moments["journals"],
  WeakMap<PodLife, { readonly facts: Moments["facts"]; readonly spans: PodSpans }>
>();

function spansOf(pod: PodLife, { journals, facts }: Moments): PodSpans {
  const ofPods =
    spansByJournals.get(journals) ?? new WeakMap<PodLife, { facts: Moments["facts"]; spans: PodSpans }>();
  spansByJournals.set(journals, ofPods);
  const before = ofPods.get(pod);
  if (before?.facts === facts) return before.spans;
  const spans = readSpans(pod, journalsOf(pod, journals), factsOf(pod, facts));
  ofPods.set(pod, { facts, spans });
  return spans;
}

function readSpans(
  pod: PodLife,
  own: readonly ContainerJournal[],
  facts: DeploymentFacts | undefined,
): PodSpans {
  const serving = servingJournal(own, facts?.containerName);
  const from = serving === undefined ? closingByManifest(pod, facts) : closingFrom(serving);
  const delayMs = serving === undefined ? watchDelayMs : feltMs;
  const servingName = serving?.container ?? facts?.containerName;
  const noted = own.flatMap(({ container, end }) => (end === undefined ? [] : [{ container, at: end.at }]));
  const ends = own.length > 0 ? noted : pod.ends;
  return {
    serving,
    deletedFrom: deletedFrom(pod, own) ?? Infinity,
    closingFrom: (from ?? Infinity) - delayMs,
    forgottenFrom: endOf(pod) + routingTailMs,
    otherEnds: servingName === undefined ? [] : ends.filter(({ container }) => container !== servingName),
    servingEnd: ends.find(({ container }) => container === servingName)?.at ?? Infinity,
  };
}

/** From when on a failure may be the deletion's: the node may know of it before the watch tells the trial. */
export function deletedFrom(pod: PodLife, own: readonly ContainerJournal[]): number | undefined {
  const began = own.map(({ endingAt }) => endingAt).filter((time) => time !== undefined);
  const times = [
    ...(pod.deletionSeenAt === undefined ? [] : [pod.deletionSeenAt - watchDelayMs]),
    ...began.map((time) => time - feltMs),
  ];
  return times.length === 0 ? undefined : Math.min(...times);
}

/** A hook that only waits holds the signal back for that long. */
function closingByManifest(pod: PodLife, facts: DeploymentFacts | undefined): number | undefined {
  if (pod.deletionSeenAt === undefined) return undefined;
  const waitS = facts?.preStop?.kind === "sleep" ? (facts.preStop.seconds ?? 0) : 0;
  return pod.deletionSeenAt + Math.min(waitS, pod.graceSeconds ?? facts?.graceSeconds ?? 30) * 1000;
}

/** The last moment at which something of the pod was still there. */
export function endOf(pod: PodLife): number {
  const known = [pod.deletionSeenAt, pod.goneAt, ...pod.ends.map((end) => end.at)].filter(
    (time) => time !== undefined,
  );
  if (pod.goneAt === undefined && pod.deletionSeenAt !== undefined) {
    known.push(pod.deletionSeenAt + (pod.graceSeconds ?? 30) * 1000);
  }
  return Math.max(...known);
}

/** When it was called ready first. */
export function firstReadyAt(pod: PodLife): number | undefined {
  return pod.ready.find((change) => change.ready)?.at;
}

/** A pod that was not called ready yet, or only just. */
export function notYetReady(pod: PodLife, at: number): boolean {
  const readyAt = firstReadyAt(pod);
  return readyAt === undefined || at < readyAt + watchDelayMs;
}

/**
 * Whether a pod without a readiness probe may still be starting. `lateMs` says how much later than others the trial may have heard that
 * it is ready.
 */
export function isStarting(
  pod: PodLife,
  at: number,
  { facts }: Pick<Moments, "facts">,
  lateMs: number,
): boolean {
  const readyAt = firstReadyAt(pod);
  if (readyAt === undefined || factsOf(pod, facts)?.hasReadinessProbe !== false) return false;
  return at >= Math.max(pod.seenAt - watchDelayMs, readyAt - lateMs) && at <= readyAt + startingMs;
}

/** When a container ended near a moment though nobody had deleted its pod. */
export function restartNear(pod: PodLife, at: number): number | undefined {
  const restarts = pod.ends.filter((end) => pod.deletionSeenAt === undefined || end.at < pod.deletionSeenAt);
  return restarts.find((end) => at >= end.at - 2 * watchDelayMs - 1_000 && at <= end.at + startingMs)?.at;
}

/** The Deployment of a pod. */
export function factsOf(pod: PodLife, facts: readonly DeploymentFacts[]): DeploymentFacts | undefined {
  return facts.find((each) => each.name === pod.deployment && each.namespace === pod.namespace);
}
