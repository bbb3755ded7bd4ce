import { resourceTypes } from "@seaworthy/kube";
import type { KubeClient } from "@seaworthy/client";
import { readAutoscaler, type Autoscaler, type CpuAutoscaler } from "./autoscaler.ts";

/**
 * Does something while the autoscaler has no window on the way down, and gives it back its own. Where it had no `behavior` at all,
 * it has the usual window by name then: without one, Kubernetes would take what was wanted at the top for what is wanted now.
 */
export async function withoutWindow(
  client: KubeClient,
  autoscaler: CpuAutoscaler,
  work: (shortenedFrom: number | undefined) => Promise<void>,
): Promise<void> {
  const { behavior } = (await readAutoscaler(client, autoscaler)).spec;
  const own = behavior?.scaleDown?.stabilizationWindowSeconds;
  if (own === 0) return await work(undefined);
  await setWindow(client, autoscaler, 0);
  try {
    await work(own ?? usualWindowSeconds);
  } finally {
    await setWindow(client, autoscaler, behavior === undefined ? usualWindowSeconds : (own ?? null));
  }
}

/** Kubernetes keeps pods for so long after they were last wanted. */
const usualWindowSeconds = 300;

async function setWindow(client: KubeClient, { name, target }: CpuAutoscaler, seconds: number | null) {
  await client.patch<Autoscaler>(resourceTypes.horizontalpodautoscalers, target.namespace, name, "merge", {
    spec: { behavior: { scaleDown: { stabilizationWindowSeconds: seconds } } },
  });
}
