import type { Namespace } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { forbidden, notFound } from "../http/status-error.ts";
import type { Resource } from "../resource.ts";

const namespaceType = { group: "", plural: "namespaces", kind: "Namespace" };

/** The admission plugin NamespaceLifecycle: nothing is made in a namespace that is not there, or that is going. */
export function admitNamespace(
  { store }: ApiContext,
  resource: Resource,
  namespace: string,
  name: string,
): void {
  const stored = store.get("/namespaces", namespace);
  if (stored === undefined) throw notFound(namespaceType, namespace);
  const { metadata, status } = stored.object as Namespace;
  if (metadata.deletionTimestamp === undefined && status?.phase !== "Terminating") return;
  const causes = [
    {
      reason: "NamespaceTerminating",
      message: `namespace ${namespace} is being terminated`,
      field: "metadata.namespace",
    },
  ];
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden(resource.type, name, why, causes);
}
