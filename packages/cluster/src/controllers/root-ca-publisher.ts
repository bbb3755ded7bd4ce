import { isAlreadyExists, isNotFound } from "@seaworthy/client";
import { resourceTypes, type ConfigMap } from "@seaworthy/kube";
import type { ControllerContext } from "./controller-context.ts";
import { createWorkQueue } from "./work-queue.ts";

const name = "kube-root-ca.crt";

/**
 * Puts the ConfigMap `kube-root-ca.crt` into every namespace, because pods mount it
 * (k8s.io/kubernetes/pkg/controller/certificates/rootcacertpublisher/publisher.go).
 */
export function startRootCaPublisher({
  client,
  clock,
  informers,
  rootCa,
}: ControllerContext): AsyncDisposable {
  const queue = createWorkQueue({ clock, work: publish });

  async function publish(namespace: string): Promise<void> {
    const found = informers.namespaces.get(undefined, namespace);
    if (found === undefined || found.metadata.deletionTimestamp !== undefined) return;
    const object: ConfigMap = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace },
      data: { "ca.crt": rootCa },
    };
    await client.create(resourceTypes.configmaps, object).catch((error: unknown) => {
      // The namespace may have gone meanwhile.
      if (!isAlreadyExists(error) && !isNotFound(error)) throw error;
    });
  }

  const unsubscribe = informers.namespaces.onChange(({ type, object }) => {
    if (type === "added") queue.add(object.metadata.name);
  });
  return {
    async [Symbol.asyncDispose]() {
      unsubscribe();
      await queue[Symbol.asyncDispose]();
    },
  };
}
