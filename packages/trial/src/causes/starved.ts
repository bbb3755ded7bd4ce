import type { Outcome, OutcomeClass } from "@seaworthy/load";
import { othersShareIn, type CrowdedSpan } from "../machine/crowded-spans.ts";
import type { PodLife } from "../timeline/timeline.ts";
import type { Cause } from "./cause.ts";
import { routingTailMs } from "./pod-moments.ts";

/** What a client sees of an app, and of a network, that get no processor. Connections are cut by programs that run. */
const ofWaiting: ReadonlySet<OutcomeClass> = new Set<OutcomeClass>(["connect-timeout", "response-timeout"]);
/** What a client sees of a Service, or of an edge, whose pods are not ready because their probes are late. */
const ofLateProbes: ReadonlySet<OutcomeClass> = new Set<OutcomeClass>(["refused", "bad-status"]);

/** How it is explained by whatever was near: the end, the start or the life of a pod. */
const guessed: ReadonlySet<Cause> = new Set<Cause>([
  "app-not-keeping-up",
  "connection-cut-on-exit",
  "killed-by-grace",
  "no-endpoints",
  "not-ready-yet",
  "port-closed-before-endpoint-removed",
  "unrelated",
]);

/** Whether programs beside the trial may be why a request was lost, as they had the processors meanwhile. */
export function isStarved(
  outcome: Outcome,
  cause: Cause,
  { crowded, pods }: { readonly crowded: readonly CrowdedSpan[]; readonly pods: readonly PodLife[] },
): boolean {
  if (!guessed.has(cause) || othersShareIn(crowded, outcome) === undefined) return false;
  if (ofWaiting.has(outcome.class)) return true;
  return ofLateProbes.has(outcome.class) && pods.some((pod) => hasLostReadiness(pod, outcome.doneAt));
}

/** Whether a pod that nobody had deleted was ready before, and was not any more, or was again and not everybody had heard of it. */
function hasLostReadiness({ ready, deletionSeenAt = Infinity }: PodLife, at: number): boolean {
  const first = ready.findIndex((change) => change.ready);
  const lost = ready.findLastIndex((change, index) => index > first && !change.ready && change.at <= at);
  if (first < 0 || lost < 0 || deletionSeenAt <= at) return false;
  const again = ready.slice(lost).find((change) => change.ready)?.at ?? Infinity;
  return at <= again + routingTailMs;
}
