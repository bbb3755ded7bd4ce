import type { Cause } from "./cause.ts";
import { endOf, feltMs, routingTailMs } from "./pod-moments.ts";
import type { PodLife } from "../timeline/timeline.ts";

/** What the trial itself did to a pod: requests that meet the pod meanwhile are lost by that. */
export interface Harm {
  readonly cause: Extract<Cause, "pod-killed" | "all-on-one-node" | "bad-version">;
  readonly from: number;
  /** When the pod was itself again, where it lives on. */
  readonly until?: number;
}

/** Harms by the uid of the pod. */
export type Harms = ReadonlyMap<string, Harm>;

/** Whether a request that was on its way in a span of time may have met the harm. Clients know of an end before the watch does. */
export function isUnderHarm(
  { from, until = Infinity }: Harm,
  { sentAt, doneAt }: { readonly sentAt: number; readonly doneAt: number },
): boolean {
  return doneAt >= from - feltMs && sentAt <= until;
}

/** The same where nothing but the time points at the pod: it must be there, or only just gone. */
export function mayMeet(
  pod: PodLife,
  harm: Harm | undefined,
  span: { readonly sentAt: number; readonly doneAt: number },
): boolean {
  if (harm === undefined || !isUnderHarm(harm, span)) return false;
  return pod.deletionSeenAt === undefined || span.sentAt <= endOf(pod) + routingTailMs;
}

/** Whether how a pod ended is the trial's doing, and none of the app's. */
export function endedByTrial(uid: string, harms: Harms | undefined): boolean {
  const harm = harms?.get(uid);
  return harm !== undefined && harm.until === undefined;
}
