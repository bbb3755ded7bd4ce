import type { KubeClient } from "@seaworthy/client";
import { resourceTypes, timestamp, type Pod } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import type { EventRecorder } from "../../event-recorder.ts";
import { unlessNotFound } from "../reconciler/unless-not-found.ts";
import type { Victims } from "./find-victims.ts";

/**
 * Takes pods away for a more important one, and says to each why.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/preemption/executor.go
 */
export async function preemptPods(
  { client, clock }: { readonly client: KubeClient; readonly clock: Clock },
  preemptor: Pod,
  { pods, nodeName }: Victims,
  events: EventRecorder,
): Promise<void> {
  const message = `${preemptor.spec.schedulerName ?? "default-scheduler"}: preempting to accommodate a higher priority pod`;
  for (const victim of pods) {
    if (victim.metadata.deletionTimestamp !== undefined) continue;
    const { namespace, name, uid = "" } = victim.metadata;
    const target = {
      type: "DisruptionTarget",
      status: "True",
      reason: "PreemptionByScheduler",
      message,
      lastTransitionTime: timestamp(clock.now()),
    };
    const others = (victim.status?.conditions ?? []).filter(({ type }) => type !== target.type);
    const patch = { metadata: { uid }, status: { conditions: [...others, target] } };
    await client.patch(resourceTypes.pods, namespace, name, "merge", patch, "status").catch(unlessNotFound);
    await client.delete(resourceTypes.pods, namespace, name, { uid }).catch(unlessNotFound);
    const why = `Preempted by pod ${preemptor.metadata.uid ?? ""} on node ${nodeName}`;
    events.event(victim, "Normal", "Preempted", why);
  }
}
