import { isAlreadyExists } from "@seaworthy/client";
import { deepEqual, resourceTypes, type ConfigMap, type Namespace } from "@seaworthy/kube";
import type { ClusterSigner } from "../../cluster-signer.ts";
import type { ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";

const namespace = "kube-system";
const name = "extension-apiserver-authentication";

/**
 * Keeps the ConfigMap by which extension API servers know whom to believe: the API server, when it says for whom it asks, and users
 * with a certificate of the cluster's.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controlplane/controller/clusterauthenticationtrust/cluster_authentication_trust_controller.go
 */
export async function startAuthenticationPublisher(
  context: ControllerContext,
  { authority, frontProxyAuthority }: Pick<ClusterSigner, "authority" | "frontProxyAuthority">,
): Promise<AsyncDisposable> {
  const { client, informers } = context;
  const namespaces = informers.of<Namespace>(resourceTypes.namespaces);
  const configMaps = informers.of<ConfigMap>(resourceTypes.configmaps);
  const data = {
    "client-ca-file": authority.cert,
    "requestheader-allowed-names": JSON.stringify(["front-proxy-client"]),
    "requestheader-client-ca-file": frontProxyAuthority,
    "requestheader-extra-headers-prefix": JSON.stringify(["X-Remote-Extra-"]),
    "requestheader-group-headers": JSON.stringify(["X-Remote-Group"]),
    "requestheader-uid-headers": JSON.stringify(["X-Remote-Uid"]),
    "requestheader-username-headers": JSON.stringify(["X-Remote-User"]),
  };

  async function write(): Promise<void> {
    const present = configMaps.get(namespace, name);
    if (present === undefined) {
      const metadata = { name, namespace };
      const object: ConfigMap = { apiVersion: "v1", kind: "ConfigMap", metadata, data };
      await client.create(resourceTypes.configmaps, object).catch((error: unknown) => {
        if (!isAlreadyExists(error)) throw error;
      });
    } else if (!deepEqual(present.data, data)) {
      await client.update(resourceTypes.configmaps, { ...present, data });
    }
  }

  return await startReconciler(context, {
    name: "cluster-authentication-trust",
    watches: [
      watch(namespaces, ({ object: { metadata } }) => (metadata.name === namespace ? [name] : [])),
      watch(configMaps, ({ object: { metadata } }) =>
        metadata.name === name && metadata.namespace === namespace ? [name] : [],
      ),
    ],
    async sync() {
      const found = namespaces.get(undefined, namespace);
      if (found !== undefined && found.metadata.deletionTimestamp === undefined) await write();
    },
  });
}
