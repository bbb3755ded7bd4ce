import { matchesLabelSelector, resourceTypes, type Pod, type ReplicaSet } from "@seaworthy/kube";
import { claimObjects, controllerOf } from "../claim-objects.ts";
import { keyOf, splitKey, type ControllerContext } from "../controller-context.ts";
import { createEventRecorder } from "../event-recorder.ts";
import { createWorkQueue } from "../work-queue.ts";
import { syncDeployment } from "./sync-deployment.ts";

/** Keeps the ReplicaSets of each Deployment as its spec and its strategy want them. */
export function startDeploymentController(context: ControllerContext): AsyncDisposable {
  const { client, clock, informers } = context;
  const recorder = createEventRecorder(client, clock, "deployment-controller");
  const queue = createWorkQueue({ clock, work: sync, workers: 4 });

  async function sync(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const deployment = informers.deployments.get(namespace, name);
    if (deployment === undefined) return;
    const { selector } = deployment.spec;
    const replicaSets = await claimObjects<ReplicaSet>({
      client,
      owner: deployment,
      ownerType: resourceTypes.deployments,
      type: resourceTypes.replicasets,
      objects: informers.replicaSets.list(namespace),
      matches: (replicaSet) => matchesLabelSelector(selector, replicaSet.metadata.labels ?? {}),
    });
    const pods = podsByReplicaSet(informers.pods.list(namespace), replicaSets);
    const checkAgainMs = await syncDeployment({ client, clock, recorder }, deployment, replicaSets, pods);
    if (checkAgainMs !== undefined) queue.addAfter(key, checkAgainMs);
  }

  function enqueueOwner(replicaSet: ReplicaSet): void {
    const { namespace } = replicaSet.metadata;
    const controller = controllerOf(replicaSet);
    if (controller !== undefined) {
      if (controller.kind !== "Deployment") return;
      const owner = informers.deployments.get(namespace, controller.name);
      if (owner?.metadata.uid === controller.uid) queue.add(keyOf(owner));
      return;
    }
    // An orphan: whoever selects it may adopt it.
    for (const deployment of informers.deployments.list(namespace)) {
      const matches = matchesLabelSelector(deployment.spec.selector, replicaSet.metadata.labels ?? {});
      if (matches) queue.add(keyOf(deployment));
    }
  }

  const subscriptions = [
    informers.deployments.onChange(({ object }) => {
      queue.add(keyOf(object));
    }),
    informers.replicaSets.onChange((change) => {
      if (change.type === "updated") enqueueOwner(change.old);
      enqueueOwner(change.object);
    }),
    // Recreate waits until the last old pod is gone.
    informers.pods.onChange(({ type, object }) => {
      const controller = controllerOf(object);
      if (type !== "deleted" || controller?.kind !== "ReplicaSet") return;
      const replicaSet = informers.replicaSets.get(object.metadata.namespace, controller.name);
      if (replicaSet !== undefined) enqueueOwner(replicaSet);
    }),
  ];
  return {
    async [Symbol.asyncDispose]() {
      for (const unsubscribe of subscriptions) unsubscribe();
      await queue[Symbol.asyncDispose]();
      await recorder.settled();
    },
  };
}

function podsByReplicaSet(pods: readonly Pod[], replicaSets: readonly ReplicaSet[]): Map<string, Pod[]> {
  const byUid = new Map<string, Pod[]>(replicaSets.map(({ metadata }) => [metadata.uid ?? "", []]));
  for (const pod of pods) byUid.get(controllerOf(pod)?.uid ?? "none")?.push(pod);
  return byUid;
}
