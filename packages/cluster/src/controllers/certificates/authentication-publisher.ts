import { isAlreadyExists } from "@seaworthy/client";
import { resourceTypes, type ConfigMap, type Namespace } from "@seaworthy/kube";
import type { ClusterSigner } from "../../cluster-signer.ts";
import type { ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { writeConfigMap } from "../write-config-map.ts";

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
      if (found === undefined || found.metadata.deletionTimestamp !== undefined) return;
      await writeConfigMap(client, configMaps, { namespace, name }, data).catch((error: unknown) => {
        if (!isAlreadyExists(error)) throw error;
      });
    },
  });
}
