import { hasPodEnded, parseTimestamp, resourceTypes, withCondition, type Pod } from "@seaworthy/kube";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { unlessNotFound } from "../reconciler/unless-not-found.ts";

/** How long a pod may be said to be disrupted before it is deleted. */
const staleAfterMs = 120_000;

/**
 * Takes it back that a pod is to be disrupted, when nobody has deleted it
 * (k8s.io/kubernetes/pkg/controller/disruption/disruption.go, syncStalePodDisruption).
 */
export async function startStaleDisruptionController(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const pods = informers.of<Pod>(resourceTypes.pods);
  return await startReconciler(context, {
    name: "controllermanager",
    watches: [watch(pods, ({ object }) => (staleAtMs(object) === undefined ? [] : [keyOf(object)]))],
    async sync(key, { add }) {
      const { namespace, name } = splitKey(key);
      const pod = pods.get(namespace, name);
      const atMs = pod === undefined ? undefined : staleAtMs(pod);
      if (pod === undefined || atMs === undefined) return;
      const nowMs = clock.now();
      if (atMs > nowMs) return add({ key, afterMs: atMs - nowMs });
      const conditions = withCondition(
        pod.status?.conditions,
        { type: "DisruptionTarget", status: "False" },
        nowMs,
      );
      await client
        .update<Pod>(resourceTypes.pods, { ...pod, status: { ...pod.status, conditions } }, "status")
        .catch(unlessNotFound);
    },
  });
}

/** When the mark of a pod is to be taken back; undefined for a pod that has none, or that is going. */
function staleAtMs(pod: Pod): number | undefined {
  const mark = pod.status?.conditions?.find(({ type }) => type === "DisruptionTarget");
  if (mark?.status !== "True" || mark.reason === "TerminationByKubelet") return undefined;
  if (pod.metadata.deletionTimestamp !== undefined || hasPodEnded(pod)) return undefined;
  return (parseTimestamp(mark.lastTransitionTime) ?? 0) + staleAfterMs;
}
