import { isAlreadyExists, isNotFound } from "@seaworthy/client";
import { resourceTypes, type ConfigMap, type Namespace } from "@seaworthy/kube";
import type { ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";

const name = "kube-root-ca.crt";

/**
 * Puts the ConfigMap `kube-root-ca.crt` into every namespace, because pods mount it
 * (k8s.io/kubernetes/pkg/controller/certificates/rootcacertpublisher/publisher.go). `rootCa` is its PEM.
 */
export async function startRootCaPublisher(
  context: ControllerContext,
  rootCa: string,
): Promise<AsyncDisposable> {
  const { client, informers } = context;
  const namespaces = informers.of<Namespace>(resourceTypes.namespaces);
  return await startReconciler(context, {
    name: "root-ca-certificate-publisher",
    watches: [watch(namespaces, ({ type, object }) => (type === "added" ? [object.metadata.name] : []))],
    async sync(namespace) {
      const found = namespaces.get(undefined, namespace);
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
    },
  });
}
