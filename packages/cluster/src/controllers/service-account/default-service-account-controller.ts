import { isAlreadyExists, isNotFound } from "@seaworthy/client";
import { resourceTypes, type KubeObject, type Namespace } from "@seaworthy/kube";
import type { ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";

const name = "default";

/**
 * Puts the ServiceAccount `default` into every namespace, and puts it back when somebody takes it away
 * (k8s.io/kubernetes/pkg/controller/serviceaccount/serviceaccounts_controller.go).
 */
export async function startDefaultServiceAccountController(
  context: ControllerContext,
): Promise<AsyncDisposable> {
  const { client, informers } = context;
  const namespaces = informers.of<Namespace>(resourceTypes.namespaces);
  const accounts = informers.of<KubeObject>(resourceTypes.serviceaccounts);
  return await startReconciler(context, {
    name: "service-account-controller",
    watches: [
      watch(namespaces, ({ type, object }) => (type === "deleted" ? [] : [object.metadata.name])),
      watch(accounts, ({ type, object: { metadata } }) =>
        type === "deleted" && metadata.name === name ? [metadata.namespace ?? ""] : [],
      ),
    ],
    async sync(namespace) {
      const found = namespaces.get(undefined, namespace);
      if (found === undefined || found.metadata.deletionTimestamp !== undefined) return;
      if (accounts.get(namespace, name) !== undefined) return;
      const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } };
      await client.create<KubeObject>(resourceTypes.serviceaccounts, account).catch((error: unknown) => {
        // The namespace may have gone meanwhile.
        if (!isAlreadyExists(error) && !isNotFound(error)) throw error;
      });
    },
  });
}
