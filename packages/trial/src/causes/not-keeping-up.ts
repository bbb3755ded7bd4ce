import type { Outcome, OutcomeClass } from "@seaworthy/load";
import { feltMs, type PodAt } from "./pod-moments.ts";
import type { PodLife } from "../timeline/timeline.ts";

/** Deployments some of whose pods ran and served nobody, each with the second of it. */
export type BusyTimes = ReadonlySet<string>;

/** How far from each other such moments may lie to be of one overload. */
const nearSeconds = 2;

/**
 * What a client sees of an app that has no time for it: nothing, as Linux drops a SYN for which the accept queue has no place
 * (tcp(7), tcp_abort_on_overflow); no answer, once it is in the queue; or a refusal, where the app closes its port meanwhile.
 */
const unserved: ReadonlySet<OutcomeClass> = new Set<OutcomeClass>([
  "refused",
  "connect-timeout",
  "response-timeout",
]);

/** Whether a failure is one that a running app can be the cause of by having no time. */
export function isUnserved(outcome: Outcome): boolean {
  return unserved.has(outcome.class);
}

/**
 * Whether a pod that was told to end did not serve a request for another reason than its end: its port was still open, or
 * pods that nobody ended did not serve either. A port that is known to be closed explains more than that.
 */
export function isNotKeepingUp(moment: PodAt, outcome: Outcome, busy: BusyTimes): boolean {
  const { pod, at, serving } = moment;
  const closedAt = serving?.closedAt ?? serving?.end?.at ?? endSeenAt(pod);
  if (closedAt !== undefined && at >= closedAt - feltMs) return false;
  const isOpen = serving !== undefined && serving.listeners.length > 0;
  return (isOpen && outcome.class === "connect-timeout") || wasBusy(pod, at, busy);
}

/** Whether pods of the same Deployment were known to have no time then. */
export function wasBusy(pod: PodLife, at: number, busy: BusyTimes): boolean {
  const second = Math.floor(at / 1000);
  for (let near = second - nearSeconds; near <= second + nearSeconds; near++)
    if (busy.has(keyOf(pod, near))) return true;
  return false;
}

/** When pods had no time, from failures that are known to be of that cause. */
export function toBusyTimes(
  met: readonly { readonly pod: PodLife | undefined; readonly at: number }[],
): BusyTimes {
  return new Set(
    met.flatMap(({ pod, at }) => (pod === undefined ? [] : [keyOf(pod, Math.floor(at / 1000))])),
  );
}

function endSeenAt({ ends, goneAt }: PodLife): number | undefined {
  return ends.at(-1)?.at ?? goneAt;
}

function keyOf({ namespace, deployment, name }: PodLife, second: number): string {
  return `${namespace} ${deployment ?? name} ${second}`;
}
