import { isAlreadyExists, isNotFound } from "@seaworthy/client";
import { resourceTypes, type ConfigMap, type Namespace } from "@seaworthy/kube";
import type { ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { writeConfigMap } from "../write-config-map.ts";

const name = "kube-root-ca.crt";

/**
 * Keeps the ConfigMap `kube-root-ca.crt` in every namespace, because pods mount it
 * (k8s.io/kubernetes/pkg/controller/certificates/rootcacertpublisher/publisher.go). `rootCa` is its PEM.
 */
export async function startRootCaPublisher(
  context: ControllerContext,
  rootCa: string,
): Promise<AsyncDisposable> {
  const { client, informers } = context;
  const namespaces = informers.of<Namespace>(resourceTypes.namespaces);
  const configMaps = informers.of<ConfigMap>(resourceTypes.configmaps);
  const data = { "ca.crt": rootCa };

  return await startReconciler(context, {
    name: "root-ca-certificate-publisher",
    watches: [
      watch(namespaces, ({ type, object }) => (type === "added" ? [object.metadata.name] : [])),
      watch(configMaps, ({ type, object: { metadata } }) =>
        metadata.name === name && type !== "added" ? [metadata.namespace ?? ""] : [],
      ),
    ],
    async sync(namespace) {
      const found = namespaces.get(undefined, namespace);
      if (found === undefined || found.metadata.deletionTimestamp !== undefined) return;
      await writeConfigMap(client, configMaps, { namespace, name }, data).catch((error: unknown) => {
        // The namespace may have gone meanwhile.
        if (!isAlreadyExists(error) && !isNotFound(error)) throw error;
      });
    },
  });
}
