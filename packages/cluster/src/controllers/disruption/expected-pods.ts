import type { KubeClient, ResourceType } from "@seaworthy/client";
import {
  resolveIntOrPercent,
  resourceTypes,
  valueAtPath,
  type Kinds,
  type KubeObject,
  type OwnerReference,
  type Pod,
  type PodDisruptionBudget,
} from "@seaworthy/kube";
import { controllerOf } from "../pod-owners/claim-objects.ts";
import { unlessNotFound } from "../reconciler/unless-not-found.ts";

/** How many pods there should be under a budget, and how many of them healthy. */
export interface ExpectedPods {
  readonly expected: number;
  readonly desiredHealthy: number;
  /** Pods without a controller, for which a share has no whole. */
  readonly unmanaged: readonly string[];
}

/**
 * Says how many pods a budget asks for. A percentage and `maxUnavailable` are of what the pods' controllers want.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/disruption/disruption.go (getExpectedPodCount)
 */
export async function expectedPods(
  world: World,
  { spec }: PodDisruptionBudget,
  pods: readonly Pod[],
): Promise<ExpectedPods> {
  const { minAvailable, maxUnavailable } = spec;
  if (maxUnavailable !== undefined) {
    const { scale, unmanaged } = await wantedPods(world, pods);
    const desiredHealthy = Math.max(0, scale - resolveIntOrPercent(maxUnavailable, scale, "up"));
    return { expected: scale, desiredHealthy, unmanaged };
  }
  if (typeof minAvailable !== "string")
    return {
      expected: minAvailable === undefined ? 0 : pods.length,
      desiredHealthy: minAvailable ?? 0,
      unmanaged: [],
    };
  const { scale, unmanaged } = await wantedPods(world, pods);
  return { expected: scale, desiredHealthy: resolveIntOrPercent(minAvailable, scale, "up"), unmanaged };
}

interface World {
  readonly client: KubeClient;
  readonly kinds: Kinds;
}

async function wantedPods(
  world: World,
  pods: readonly Pod[],
): Promise<{ readonly scale: number; readonly unmanaged: readonly string[] }> {
  const unmanaged: string[] = [];
  const seen = new Set<string>();
  const scales = new Map<string, number>();
  for (const pod of pods) {
    const reference = controllerOf(pod);
    if (reference === undefined) unmanaged.push(pod.metadata.name);
    else if (!seen.has(reference.uid)) {
      seen.add(reference.uid);
      const controller = await scaledController(world, reference, pod.metadata.namespace);
      if (controller === undefined)
        throw new Error(`found no controllers for pod ${JSON.stringify(pod.metadata.name)}`);
      scales.set(controller.uid, controller.replicas);
    }
  }
  return { scale: [...scales.values()].reduce((sum, replicas) => sum + replicas, 0), unmanaged };
}

/** The controller of a pod, or the Deployment of its ReplicaSet, with the replicas that it wants. */
async function scaledController(
  { client, kinds }: World,
  reference: OwnerReference,
  namespace: string | undefined,
): Promise<{ readonly uid: string; readonly replicas: number } | undefined> {
  const type = kinds.find(reference.apiVersion, reference.kind);
  if (type === undefined)
    throw new Error(`no matches for kind "${reference.kind}" in version "${reference.apiVersion}"`);
  const controller = await find(client, type, reference, namespace);
  if (controller === undefined) return undefined;
  const above = controllerOf(controller);
  if (above !== undefined && kinds.find(above.apiVersion, above.kind)?.plural === deployments.plural)
    return await scaledController({ client, kinds }, above, namespace);
  if (type.storage?.hasScale !== true) {
    const group = type.group === "" ? "" : `.${type.group}`;
    throw new Error(`${type.plural}${group} does not implement the scale subresource`);
  }
  const path = type.storage.scalePaths?.specReplicasPath ?? ".spec.replicas";
  const replicas = (valueAtPath(controller, path) as number | undefined) ?? 0;
  return { uid: reference.uid, replicas };
}

const { deployments } = resourceTypes;

/** The controller that a reference means; undefined when it has gone, and another has its name. */
async function find(
  client: KubeClient,
  type: ResourceType,
  { name, uid }: OwnerReference,
  namespace: string | undefined,
): Promise<KubeObject | undefined> {
  const found = await client.get(type, namespace, name).catch(unlessNotFound);
  return found?.metadata.uid === uid ? found : undefined;
}
