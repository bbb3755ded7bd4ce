import type { Outcome, OutcomeClass } from "@seaworthy/load";
import type { Cause } from "./cause.ts";
import type { DeploymentFacts } from "./deployment-facts.ts";
import { idleTimeoutMs, type Evidence } from "./evidence.ts";
import { causeAtEdgeRestart, metEdgeRestart, type EdgeRestart } from "./edge-restart.ts";
import { isUnderHarm, type Harms } from "./harm.ts";
import { badAnswerFrom, findPod, type FoundPod } from "./find-pod.ts";
import { isAnswer } from "./is-answer.ts";
import { isNotKeepingUp, isUnserved, wasBusy, type BusyTimes } from "./not-keeping-up.ts";
import { hasLauncher, heardSignal } from "./pod-journals.ts";
import { isStarved } from "./starved.ts";
import type { CrowdedSpan } from "../machine/crowded-spans.ts";
import {
  busyWatchDelayMs,
  endOf,
  factsOf,
  feltMs,
  isStarting,
  notYetReady,
  podAt,
  restartNear,
  watchDelayMs,
  type PodAt,
} from "./pod-moments.ts";
import type { PodLife } from "../timeline/timeline.ts";

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

/** What the attribution needs to know beside the failure. */
export interface AttributionContext extends Evidence {
  readonly facts: readonly DeploymentFacts[];
  /** The Service behind each target, by the target's name. */
  readonly services: Readonly<Record<string, { readonly namespace: string; readonly name: string }>>;
  /** The targets where an edge stands between: there a connection's earlier answers may come from any pod. */
  readonly edges: readonly string[];
  /** A path that the app answers well. */
  readonly path: string | undefined;
  /** From when on pods, by their uid, are known to have answered badly after their deletion: others' certain failures. */
  readonly badAnswers?: ReadonlyMap<string, { readonly at: number; readonly status: number }>;
  /** What the trial itself did to which pods. */
  readonly harms?: Harms;
  /** When it restarted the edge. */
  readonly edgeRestarts?: readonly EdgeRestart[];
  /** Statuses that pods gave which nobody had deleted: seen after a deletion, they are not the shutdown's. */
  readonly strays?: ReadonlySet<number>;
  /** When pods were seen to have no time for what came. */
  readonly busy?: BusyTimes;
  /** When programs beside the trial had the processors of the machine that its pods run on. */
  readonly crowded?: readonly CrowdedSpan[];
}

const cutClasses: ReadonlySet<OutcomeClass> = new Set<OutcomeClass>([
  "reset-before-answer",
  "closed-before-answer",
  "reset-mid-answer",
  "closed-mid-answer",
  "no-grpc-status",
]);
/**
 * Connections on which nobody said a word. Where they are known to have gone to a pod long after its end, the client's node still
 * had a memory of the port, from the time when the pod had just gone.
 */
const noAnswer: ReadonlySet<OutcomeClass> = new Set<OutcomeClass>(["connect-timeout", "unreachable"]);
/** Of HTTP, and of gRPC DEADLINE_EXCEEDED and UNAVAILABLE. */
const edgeStatuses = new Set([502, 503, 504, 4, 14]);
/** What a proxy says of the server behind it, and an app hardly of itself. */
const gatewayStatuses = new Set([502, 504]);

/** Joins one failure to the pod and the cause that explain it best. */
export function attribute(outcome: Outcome, context: AttributionContext): Attribution {
  const explained = explain(outcome, context);
  const { crowded = [], timeline } = context;
  const isByOthers = isStarved(outcome, explained.cause, { crowded, pods: timeline.pods });
  return isByOthers ? atNoPod(explained.at, "machine-crowded") : explained;
}

function explain(outcome: Outcome, context: AttributionContext): Attribution {
  const at = cutClasses.has(outcome.class) ? outcome.doneAt : outcome.sentAt;
  const byEdge = causeAtEdgeRestart(outcome, context);
  if (byEdge !== undefined) return atNoPod(at, byEdge);
  const found = findPod(outcome, at, context);
  const { pod, certain } = found;
  const cause =
    pod === undefined ? causeWithoutPod(outcome, at, context) : causeIn(pod, found, outcome, at, context);
  const guessed = !certain && pointsAtNoPod.has(cause);
  // What nothing else explains of an edge's own answers, its restart does.
  if (cause === "unrelated" && !certain && metEdgeRestart(outcome, context))
    return atNoPod(at, "edge-restarted");
  if (pod === undefined || guessed) return atNoPod(at, cause);
  const deleted =
    cause === "not-ready-yet" ? madeWayFor(pod, at, context) : deletedBy(pod, at, cause, context);
  const sinceDeletionMs = deleted?.deletionSeenAt === undefined ? undefined : at - deleted.deletionSeenAt;
  return { at, pod, deleted, sinceDeletionMs, cause };
}

function atNoPod(at: number, cause: Cause): Attribution {
  return { at, pod: undefined, deleted: undefined, sinceDeletionMs: undefined, cause };
}

const pointsAtNoPod: ReadonlySet<Cause> = new Set([
  "unrelated",
  "no-endpoints",
  "idle-connection-closed",
  "bad-answer",
  "app-not-keeping-up",
]);

/** Before its deletion, a pod's later deletion explains nothing. */
function deletedBy(pod: PodLife, at: number, cause: Cause, context: AttributionContext): PodLife | undefined {
  if (cause === "app-not-keeping-up") return undefined;
  return podAt(pod, at, context).deleted ? pod : undefined;
}

/**
 * A rollout deletes an old pod as soon as a new one is called ready, so the nearest deletion is the one that this one caused. A pod of
 * the same revision makes way by its end before; one that ends later never did.
 */
function madeWayFor(pod: PodLife, at: number, context: AttributionContext): PodLife | undefined {
  const distance = (each: PodLife) => Math.abs(at - (each.deletionSeenAt ?? Infinity));
  return context.timeline.pods
    .filter((each) => each !== pod)
    .filter(({ deletionSeenAt = Infinity, revision }) =>
      revision === pod.revision ? deletionSeenAt <= pod.seenAt : deletionSeenAt < Infinity,
    )
    .filter((each) => each.namespace === pod.namespace && each.deployment === pod.deployment)
    .toSorted((left, right) => distance(left) - distance(right))[0];
}

function causeIn(
  pod: PodLife,
  { certain }: FoundPod,
  outcome: Outcome,
  at: number,
  context: AttributionContext,
): Cause {
  const moment = podAt(pod, at, context);
  // Such a pod is nobody's to save, and what it still gets is the routes' delay.
  const harm = context.harms?.get(pod.uid);
  if (harm !== undefined && isUnderHarm(harm, outcome)) return harm.cause;
  if (isWrong(outcome)) return "bad-answer";
  if (isAnswer(outcome)) {
    const bad =
      moment.deleted && !moment.forgotten ? causeOfBadAnswer(moment, certain, outcome, context) : undefined;
    if (bad !== undefined) return bad;
    if (!isByEdge(outcome, certain)) return certain ? "bad-answer" : causeWithoutPod(outcome, at, context);
  }
  const forgotten = moment.forgotten && !(certain && noAnswer.has(outcome.class));
  if (!moment.deleted || forgotten || !moment.closing)
    return causeWhileServing(moment, certain, outcome, context);
  if (hasNoEndpoints(outcome, at, context) && outcome.peer === undefined) return "no-endpoints";
  const isCut = cutClasses.has(outcome.class) || outcome.class === "response-timeout";
  if (isCut && isUnheard(moment)) return "signal-not-passed-on";
  if (killedByGrace(moment, context)) return "killed-by-grace";
  const nobodyServed = isUnserved(outcome) || (!certain && gatewayStatuses.has(outcome.status ?? 0));
  if (nobodyServed && isNotKeepingUp(moment, outcome, context.busy ?? neverBusy)) return "app-not-keeping-up";
  return isCut ? "connection-cut-on-exit" : "port-closed-before-endpoint-removed";
}

/** The process that serves stood behind another one, which kept the signal to itself. */
function isUnheard({ serving }: PodAt): boolean {
  return serving !== undefined && hasLauncher(serving) && heardSignal(serving) === false;
}

/** A failure of a pod whose process still serves, as far as its events tell. */
function causeWhileServing(
  moment: PodAt,
  certain: boolean,
  outcome: Outcome,
  context: AttributionContext,
): Cause {
  const { pod, at } = moment;
  if (restartNear(pod, at) !== undefined) return "container-restarted";
  // With a probe, too, a pod that was never ready yet should get no traffic; certain means that it did.
  if (isStarting(pod, at, context, busyWatchDelayMs) || (certain && notYetReady(pod, at)))
    return "not-ready-yet";
  if (certain && outcome.reusedConnection && outcome.class.endsWith("before-answer"))
    return "idle-connection-closed";
  if (!certain) return causeWithoutPod(outcome, at, context);
  const isGone = moment.deleted && moment.forgotten;
  return isUnserved(outcome) && !isGone ? "app-not-keeping-up" : "unrelated";
}

function causeWithoutPod(outcome: Outcome, at: number, context: AttributionContext): Cause {
  if (hasNoEndpoints(outcome, at, context)) return "no-endpoints";
  const byApp = isAnswer(outcome) && !edgeStatuses.has(outcome.status ?? 0);
  if (byApp || isWrong(outcome)) return "bad-answer";
  if (isBehindBusyPods(outcome, at, context)) return "app-not-keeping-up";
  return isAnswer(outcome) && closesIdleTooSoon(outcome, context) ? "idle-connection-closed" : "unrelated";
}

/** An edge came through to no pod, at a time when others saw pods that had no time. */
function isBehindBusyPods(outcome: Outcome, at: number, context: AttributionContext): boolean {
  const { timeline, busy = neverBusy, edges } = context;
  if (!edges.includes(outcome.target)) return false;
  if (!gatewayStatuses.has(outcome.status ?? 0) && outcome.class !== "response-timeout") return false;
  return timeline.pods.some((pod) => wasBusy(pod, at, busy));
}

/** An edge answers 502 or 503 where a kept connection to a pod was closed as it sent a request. */
function closesIdleTooSoon(outcome: Outcome, context: AttributionContext): boolean {
  if (!context.edges.includes(outcome.target)) return false;
  const timeoutMs = idleTimeoutMs(context, new Set(context.timeline.pods.map(({ uid }) => uid)));
  return timeoutMs !== undefined && context.edgeIdleMs !== undefined && timeoutMs < context.edgeIdleMs;
}

/** An answer that only the app can have made: no edge writes one like it. */
function isWrong(outcome: Outcome): boolean {
  return outcome.class === "malformed-answer" || outcome.class === "failed-expectation";
}

function isByEdge(outcome: Outcome, certain: boolean): boolean {
  return edgeStatuses.has(outcome.status ?? 0) && !(certain && outcome.peer !== undefined);
}

/** The app's own bad status after the deletion, when pods are not known to give it anyway. */
function causeOfBadAnswer(
  moment: PodAt,
  certain: boolean,
  outcome: Outcome,
  context: AttributionContext,
): Cause | undefined {
  const { pod, at, serving } = moment;
  // Between the request and its bad answer the container behind may have gone.
  const first = moment.endedFirst ?? podAt(pod, outcome.doneAt, context).endedFirst;
  // From its own signal on, a container may answer so by itself; 502 and 504 speak of another one.
  const ofAnother =
    serving?.signal === undefined || at < serving.signal.at || gatewayStatuses.has(outcome.status ?? 0);
  if (first !== undefined && ofAnother) return "sidecar-ended-first";
  // What an edge says of a pod that is gone is not the pod's answer.
  if (serving?.end !== undefined && at > serving.end.at + feltMs) return undefined;
  const from = badAnswerFrom(pod, outcome.status, context);
  if (from !== undefined && at >= from - 2 * watchDelayMs)
    return podAt(pod, from, context).endedFirst === undefined
      ? "answers-badly-while-draining"
      : "sidecar-ended-first";
  const isOwn =
    certain && !isByEdge(outcome, certain) && !(context.strays ?? noStrays).has(outcome.status ?? 0);
  return isOwn ? "answers-badly-while-draining" : undefined;
}

const neverBusy: BusyTimes = new Set();
const noStrays: ReadonlySet<number> = new Set();

/** SIGKILL shows as exit code 137, and comes when the grace period is over. */
function killedByGrace({ pod, at, serving }: PodAt, context: AttributionContext): boolean {
  if (serving !== undefined) return serving.kill !== undefined && at >= serving.kill.at - feltMs;
  if (pod.deletionSeenAt === undefined) return false;
  const graceSeconds = pod.graceSeconds ?? factsOf(pod, context.facts)?.graceSeconds ?? 30;
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
