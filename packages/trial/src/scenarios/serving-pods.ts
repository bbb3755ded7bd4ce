import { waitForRollout, type RolloutTarget } from "@seaworthy/release";
import type { PodLife } from "../timeline/timeline.ts";
import type { Stage } from "./scenario.ts";

/** The pods of some Deployments that are there and were not deleted. */
export function servingPods(
  { recorder }: Pick<Stage, "recorder">,
  deployments: readonly RolloutTarget[],
): PodLife[] {
  return recorder
    .read()
    .pods.filter((pod) => pod.deletionSeenAt === undefined && pod.goneAt === undefined)
    .filter((pod) => deployments.some((each) => isOf(pod, each)));
}

/** Whether a pod belongs to a Deployment. */
export function isOf(
  pod: PodLife,
  deployment: { readonly namespace?: string | undefined; readonly name: string },
): boolean {
  return pod.deployment === deployment.name && pod.namespace === deployment.namespace;
}

/** Waits until some pods are gone, for as long as their grace and the timeout allow. False when one stayed. */
export async function untilGone(stage: Stage, pods: readonly PodLife[]): Promise<boolean> {
  const uids = new Set(pods.map(({ uid }) => uid));
  return await stage.recorder.until(
    (timeline) => timeline.pods.every((pod) => !uids.has(pod.uid) || pod.goneAt !== undefined),
    goneWithinMs(stage, pods),
    stage.signal,
  );
}

/** How long pods may take to be gone. */
export function goneWithinMs({ timeoutMs }: Stage, pods: readonly PodLife[]): number {
  return Math.max(30, ...pods.map((pod) => pod.graceSeconds ?? 0)) * 1000 + timeoutMs;
}

/** Waits until a Deployment has so many ready pods, or says why it does not get them. */
export async function untilReady(stage: Stage, target: RolloutTarget, replicas: number): Promise<void> {
  const { client, recorder, timeoutMs, signal } = stage;
  // A Deployment's status may still tell of the pod that has just gone.
  await recorder.until(
    () => servingPods(stage, [target]).filter(({ ready }) => ready.at(-1)?.ready === true).length >= replicas,
    timeoutMs,
    signal,
  );
  await waitForRollout(client, target, { timeoutMs, signal });
}
