import { isAlreadyExists, type KubeClient, type ResourceType } from "@seaworthy/client";
import { resourceTypes, type KubeObject } from "@seaworthy/kube";
import type { MissingClasses } from "./check-references.ts";

/**
 * Makes classes that manifests name and do not bring, for the embedded cluster: they are the administrator's on a real one. Without
 * a PriorityClass or a RuntimeClass no pod would be taken; the value is what a pod without one has, and every handler runs
 * pods alike. Without a StorageClass claims would wait; its
 * volumes are those of the embedded cluster's class `shared`, which can be mounted in every way.
 */
export async function makeMissingClasses(
  client: KubeClient,
  { priorityClasses, runtimeClasses, storageClasses }: MissingClasses,
): Promise<void> {
  const make = async (type: ResourceType, object: KubeObject) => {
    await client.create(type, object).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
  };
  for (const name of priorityClasses)
    await make(resourceTypes.priorityclasses, {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name },
      value: 0,
    });
  for (const name of runtimeClasses)
    await make(resourceTypes.runtimeclasses, {
      apiVersion: "node.k8s.io/v1",
      kind: "RuntimeClass",
      metadata: { name },
      handler: "runc",
    });
  if (storageClasses.length === 0) return;
  const shared = await client.get<KubeObject>(resourceTypes.storageclasses, undefined, "shared");
  for (const name of storageClasses)
    await make(resourceTypes.storageclasses, { ...shared, metadata: { name } });
}
