import {
  matchesLabelSelector,
  resourceTypes,
  type Deployment,
  type Pod,
  type ReplicaSet,
} from "@seaworthy/kube";
import { claimObjects, controllerOf } from "../pod-owners/claim-objects.ts";
import { interestedOwners } from "../pod-owners/interested-owners.ts";
import { splitKey, keyOf, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch, keysBothWays } from "../reconciler/start-reconciler.ts";
import { syncDeployment } from "./sync-deployment.ts";

/** Keeps the ReplicaSets of each Deployment as its spec and its strategy want them. */
export async function startDeploymentController(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const deployments = informers.of<Deployment>(resourceTypes.deployments);
  const replicaSets = informers.of<ReplicaSet>(resourceTypes.replicasets);
  const pods = informers.of<Pod>(resourceTypes.pods);
  const ownersOf = (replicaSet: ReplicaSet) =>
    interestedOwners("Deployment", deployments, replicaSet, ({ spec }) => spec.selector);

  return await startReconciler(context, {
    name: "deployment-controller",
    workers: 4,
    watches: [
      watch(deployments, ({ object }) => [keyOf(object)]),
      watch(replicaSets, (change) => keysBothWays(change, ownersOf)),
      // Recreate waits until the last old pod is gone.
      watch(pods, ({ type, object }) => {
        const controller = controllerOf(object);
        if (type !== "deleted" || controller?.kind !== "ReplicaSet") return [];
        const replicaSet = replicaSets.get(object.metadata.namespace, controller.name);
        return replicaSet === undefined ? [] : ownersOf(replicaSet);
      }),
    ],
    async sync(key, { events, add }) {
      const { namespace, name } = splitKey(key);
      const deployment = deployments.get(namespace, name);
      if (deployment === undefined) return;
      const { selector } = deployment.spec;
      const own = await claimObjects<ReplicaSet>({
        client,
        owner: deployment,
        ownerType: resourceTypes.deployments,
        type: resourceTypes.replicasets,
        objects: replicaSets.list(namespace),
        matches: (replicaSet) => matchesLabelSelector(selector, replicaSet.metadata.labels ?? {}),
      });
      const parts = { client, clock, recorder: events };
      const podsOf = () => podsByReplicaSet(pods.list(namespace), own);
      const afterMs = await syncDeployment(parts, deployment, own, podsOf);
      if (afterMs !== undefined) add({ key, afterMs });
    },
  });
}

function podsByReplicaSet(pods: readonly Pod[], replicaSets: readonly ReplicaSet[]): Map<string, Pod[]> {
  const byUid = new Map<string, Pod[]>(replicaSets.map(({ metadata }) => [metadata.uid ?? "", []]));
  for (const pod of pods) byUid.get(controllerOf(pod)?.uid ?? "none")?.push(pod);
  return byUid;
}
