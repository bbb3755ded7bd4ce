import { isAlreadyExists, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type PriorityClass } from "@seaworthy/kube";

/**
 * Makes PriorityClasses that manifests name and do not bring, for the embedded cluster: they are the administrator's on a real one, and
 * without them no pod would be taken. Their value is what a pod without one has.
 */
export async function makePriorityClasses(client: KubeClient, names: Iterable<string>): Promise<void> {
  for (const name of names) {
    const made: PriorityClass = {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name },
      value: 0,
    };
    await client.create(resourceTypes.priorityclasses, made).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
  }
}
