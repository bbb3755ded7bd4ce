import type { Outcome, OutcomeClass } from "@seaworthy/load";
import type { Timeline, PodLife } from "./timeline.ts";
import type { DeploymentFacts } from "./deployment-facts.ts";

/** Why a request was lost. The ids are part of the verdict's schema. */
export type Cause =
  /** New connections went to a pod whose port was closed, because it was still in a routing view. */
  | "port-closed-before-endpoint-removed"
  /** The process ended while it held connections. */
  | "connection-cut-on-exit"
  /** A new pod was in the routing views before it listened. */
  | "not-ready-yet"
  /** SIGKILL at the end of the grace period. */
  | "killed-by-grace"
  /** A container ended though nobody deleted its pod. */
  | "container-restarted"
  /** The Service had no ready pod at all. */
  | "no-endpoints"
  /** A pod answered, but not with what counts as good. */
  | "bad-answer"
  /** No pod ended or began near it: it belongs to the network or to the edge. */
  | "unrelated";

/** A failure with what it was joined to. */
export interface Attribution {
  /** The moment that counts: for a cut connection when it was cut, for all others when it was sent. */
  readonly at: number;
  readonly pod: PodLife | undefined;
  /**
   * The pod whose deletion is concerned: `pod` itself, or the one that made way for it when `pod` got requests before it
   * listened. Undefined when no deletion is concerned.
   */
  readonly deleted: PodLife | undefined;
  /** From the moment the watch delivered that deletion; below 0 when the request was lost before the watch told of it. */
  readonly sinceDeletionMs: number | undefined;
  readonly cause: Cause;
}

/** What the attribution needs to know beside the timeline. */
export interface AttributionContext {
  readonly timeline: Timeline;
  readonly facts: readonly DeploymentFacts[];
  /** The Service behind each target, by the target's name. */
  readonly services: Readonly<Record<string, { readonly namespace: string; readonly name: string }>>;
  /** The targets where an edge stands between: there a connection's earlier answers may come from any pod. */
  readonly edges: readonly string[];
}

/** A watch event can arrive a little after what it tells of. */
const watchDelayMs = 250;
/** How long after a pod's end its address may still be in a routing view: kube-proxy writes at most once a second, an edge may poll. */
const routingTailMs = 2_500;
/** How long after it became ready a pod without a readiness probe may still be starting. */
const startingMs = 5_000;

const cutClasses: ReadonlySet<OutcomeClass> = new Set<OutcomeClass>([
  "reset-before-answer",
  "closed-before-answer",
  "reset-mid-answer",
  "closed-mid-answer",
]);
const edgeStatuses = new Set([502, 503, 504]);

/** Joins one failure to the pod and the cause that explain it best. */
export function attribute(outcome: Outcome, context: AttributionContext): Attribution {
  const at = cutClasses.has(outcome.class) ? outcome.doneAt : outcome.sentAt;
  const { pod, certain } = findPod(outcome, at, context);
  const cause =
    pod === undefined ? causeWithoutPod(outcome, at, context) : causeIn(pod, certain, outcome, at, context);
  const guessed = !certain && (cause === "unrelated" || cause === "no-endpoints");
  if (pod === undefined || guessed)
    return { at, pod: undefined, deleted: undefined, sinceDeletionMs: undefined, cause };
  const deleted = cause === "not-ready-yet" ? madeWayFor(pod, at, context) : deletedBy(pod, at);
  const sinceDeletionMs = deleted?.deletionSeenAt === undefined ? undefined : at - deleted.deletionSeenAt;
  return { at, pod, deleted, sinceDeletionMs, cause };
}

/** Before its deletion, a pod's later deletion explains nothing. */
function deletedBy(pod: PodLife, at: number): PodLife | undefined {
  return pod.deletionSeenAt !== undefined && at >= pod.deletionSeenAt - watchDelayMs ? pod : undefined;
}

/** A rollout deletes an old pod as soon as a new one is called ready, so the nearest deletion is the one that this one caused. */
function madeWayFor(pod: PodLife, at: number, context: AttributionContext): PodLife | undefined {
  const distance = (each: PodLife) => Math.abs(at - (each.deletionSeenAt ?? Infinity));
  return context.timeline.pods
    .filter((each) => each.deletionSeenAt !== undefined && each !== pod)
    .filter((each) => each.namespace === pod.namespace && each.deployment === pod.deployment)
    .toSorted((left, right) => distance(left) - distance(right))[0];
}

/** Where the answer names a pod, its header is one of these. */
const podHeaders = ["x-pod-name", "x-hostname"];

function findPod(
  outcome: Outcome,
  at: number,
  context: AttributionContext,
): { pod: PodLife | undefined; certain: boolean } {
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
  return { pod: nearestByTime(at, context), certain: false };
}

function latest(pods: readonly PodLife[]): PodLife | undefined {
  return pods.toSorted((left, right) => right.seenAt - left.seenAt)[0];
}

/** Without a name, the pod is the one whose deletion, end or start lies nearest, if any does. */
function nearestByTime(at: number, context: AttributionContext): PodLife | undefined {
  const ending = context.timeline.pods
    .filter((pod) => isEnding(pod, at) || restartNear(pod, at) !== undefined)
    .map((pod) => ({ pod, distance: distanceToEnd(pod, at) }));
  const starting = context.timeline.pods
    .filter((pod) => isStarting(pod, at, context))
    .map((pod) => ({ pod, distance: Math.abs(at - firstReadyAt(pod)!) }));
  const [best] = [...ending, ...starting].toSorted((left, right) => left.distance - right.distance);
  return best?.pod;
}

function isEnding(pod: PodLife, at: number): boolean {
  if (pod.deletionSeenAt === undefined || at < pod.deletionSeenAt - watchDelayMs) return false;
  return at <= endOf(pod) + routingTailMs;
}

/** The last moment at which something of the pod was still there. */
function endOf(pod: PodLife): number {
  const known = [pod.deletionSeenAt, pod.goneAt, ...pod.ends.map((end) => end.at)].filter(
    (time) => time !== undefined,
  );
  if (pod.goneAt === undefined && pod.deletionSeenAt !== undefined) {
    known.push(pod.deletionSeenAt + (pod.graceSeconds ?? 30) * 1000);
  }
  return Math.max(...known);
}

function distanceToEnd(pod: PodLife, at: number): number {
  const moments = [pod.deletionSeenAt, ...pod.ends.map((end) => end.at), pod.goneAt].filter(
    (time) => time !== undefined,
  );
  return Math.min(...moments.map((moment) => Math.abs(at - moment)));
}

function firstReadyAt(pod: PodLife): number | undefined {
  return pod.ready.find((change) => change.ready)?.at;
}

function isStarting(pod: PodLife, at: number, context: AttributionContext): boolean {
  const readyAt = firstReadyAt(pod);
  if (readyAt === undefined || factsOf(pod, context)?.hasReadinessProbe !== false) return false;
  return at >= readyAt - watchDelayMs && at <= readyAt + startingMs;
}

function restartNear(pod: PodLife, at: number): number | undefined {
  const restarts = pod.ends.filter((end) => pod.deletionSeenAt === undefined || end.at < pod.deletionSeenAt);
  return restarts.find((end) => at >= end.at - 2 * watchDelayMs - 1_000 && at <= end.at + startingMs)?.at;
}

function factsOf(pod: PodLife, context: AttributionContext): DeploymentFacts | undefined {
  return context.facts.find((facts) => facts.name === pod.deployment && facts.namespace === pod.namespace);
}

function causeIn(
  pod: PodLife,
  certain: boolean,
  outcome: Outcome,
  at: number,
  context: AttributionContext,
): Cause {
  const answered = outcome.class === "bad-status" || isWrong(outcome);
  const byEdge =
    outcome.class === "bad-status" &&
    edgeStatuses.has(outcome.status ?? 0) &&
    !(certain && outcome.peer !== undefined);
  if (answered && !byEdge)
    return certain || isWrong(outcome) ? "bad-answer" : causeWithoutPod(outcome, at, context);
  if (!isEnding(pod, at)) {
    if (restartNear(pod, at) !== undefined) return "container-restarted";
    // With a probe, too, a pod that was never ready yet should get no traffic; certain means that it did.
    if (isStarting(pod, at, context) || (certain && notYetReady(pod, at))) return "not-ready-yet";
    return "unrelated";
  }
  if (hasNoEndpoints(outcome, at, context) && outcome.peer === undefined) return "no-endpoints";
  if (killedByGrace(pod, at, context)) return "killed-by-grace";
  if (cutClasses.has(outcome.class) || outcome.class === "response-timeout") return "connection-cut-on-exit";
  return "port-closed-before-endpoint-removed";
}

function notYetReady(pod: PodLife, at: number): boolean {
  const readyAt = firstReadyAt(pod);
  return readyAt === undefined || at < readyAt + watchDelayMs;
}

function causeWithoutPod(outcome: Outcome, at: number, context: AttributionContext): Cause {
  if (hasNoEndpoints(outcome, at, context)) return "no-endpoints";
  const byApp = outcome.class === "bad-status" && !edgeStatuses.has(outcome.status ?? 0);
  return byApp || isWrong(outcome) ? "bad-answer" : "unrelated";
}

/** SIGKILL shows as exit code 137, and comes when the grace period is over. */
function killedByGrace(pod: PodLife, at: number, context: AttributionContext): boolean {
  if (pod.deletionSeenAt === undefined) return false;
  const graceSeconds = pod.graceSeconds ?? factsOf(pod, context)?.graceSeconds ?? 30;
  const graceEnd = pod.deletionSeenAt + graceSeconds * 1000;
  const killed = pod.ends.some((end) => end.exitCode === 137) || endOf(pod) >= graceEnd - watchDelayMs;
  return killed && at >= graceEnd - 2 * watchDelayMs;
}

function hasNoEndpoints(outcome: Outcome, at: number, context: AttributionContext): boolean {
  const service = context.services[outcome.target];
  if (service === undefined) return false;
  const before = context.timeline.endpoints.filter(
    (change) =>
      change.service === service.name &&
      change.namespace === service.namespace &&
      change.at <= at + watchDelayMs,
  );
  const around = [
    before.findLast((change) => change.at <= at),
    ...before.filter((change) => change.at > at - watchDelayMs),
  ];
  return around.some((change) => change !== undefined && change.ready.length === 0);
}

/** An answer that only the app can have made: no edge writes one like it. */
function isWrong(outcome: Outcome): boolean {
  return outcome.class === "malformed-answer" || outcome.class === "failed-expectation";
}
