import { isNotFound, type KubeClient } from "@seaworthy/client";
import { SeaworthyError } from "@seaworthy/errors";
import {
  matchesLabelSelector,
  resourceTypes,
  type DaemonSet,
  type Deployment,
  type Pod,
} from "@seaworthy/kube";
import { waitForRollout } from "@seaworthy/release";
import { recordTimeline } from "../timeline/record-timeline.ts";
import type { RestartEdge } from "./environment.ts";

/** Finds the workload that the user calls the edge, and gives what restarts it as `kubectl rollout restart` does. */
export async function restartWorkload(
  client: KubeClient,
  edge: { readonly namespace: string; readonly name: string },
): Promise<RestartEdge> {
  const { namespace, name } = edge;
  const kind = await kindOf(client, edge);
  const type = kind === "Deployment" ? resourceTypes.deployments : resourceTypes.daemonsets;
  return async ({ timeoutMs, signal }) => {
    await using recorder = await recordTimeline(client, [namespace]);
    const { spec } = await client.get<Deployment | DaemonSet>(type, namespace, name);
    const { items } = await client.list<Pod>(resourceTypes.pods, { namespace });
    const old = items.filter(({ metadata }) => matchesLabelSelector(spec.selector, metadata.labels ?? {}));
    const uids = new Set(old.map(({ metadata }) => metadata.uid));
    const startedAt = performance.now();
    const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
    await client.patch<Deployment | DaemonSet>(type, namespace, name, "merge", {
      spec: { template: { metadata: { annotations } } },
    });
    // A DaemonSet's new pods wait for old ones that may drain for as long as their grace.
    const graceMs = (spec.template.spec.terminationGracePeriodSeconds ?? 30) * 1000;
    const patienceMs = timeoutMs + graceMs;
    await waitForRollout(client, { kind, namespace, name }, { timeoutMs: patienceMs, signal });
    const areGone = await recorder.until(
      ({ pods }) => pods.every((pod) => !uids.has(pod.uid) || pod.goneAt !== undefined),
      patienceMs,
      signal,
    );
    const seconds = `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
    const pods = `${old.length} old pod${old.length === 1 ? "" : "s"}`;
    return areGone
      ? `${kind} ${namespace}/${name} was restarted; its ${pods} ended within ${seconds}`
      : `${kind} ${namespace}/${name} was restarted; of its ${pods} some were still there after ${seconds}`;
  };
}

async function kindOf(
  client: KubeClient,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<"Deployment" | "DaemonSet"> {
  for (const kind of ["Deployment", "DaemonSet"] as const) {
    const type = kind === "Deployment" ? resourceTypes.deployments : resourceTypes.daemonsets;
    try {
      await client.get<Deployment | DaemonSet>(type, namespace, name);
      return kind;
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  throw new SeaworthyError("SW1002", `there is no Deployment or DaemonSet ${namespace}/${name}`, {
    field: "--edge",
    next: ["kubectl get deployments,daemonsets --all-namespaces shows which one is the edge"],
  });
}
