import type { Namespace } from "@seaworthy/kube";
import type { Behavior } from "../resource.ts";
import { deleteNamespace } from "./delete-namespace.ts";
import { finalizeNamespace } from "./finalize-namespace.ts";

/** Namespaces begin Active with the finalizer `kubernetes`, which only `/finalize` takes off. */
export const namespaceBehavior: Behavior = {
  interceptDelete: deleteNamespace,
  holds: (draft) => ((draft as Namespace).spec?.finalizers ?? []).length > 0,
  subresources: [
    {
      name: "finalize",
      kind: { group: "", version: "v1", kind: "Namespace" },
      verbs: ["update"],
      handle: finalizeNamespace,
    },
  ],
  prepareCreate(draft) {
    const namespace = draft as Namespace;
    const finalizers = namespace.spec?.finalizers ?? [];
    namespace.spec = {
      finalizers: finalizers.includes("kubernetes") ? finalizers : [...finalizers, "kubernetes"],
    };
    namespace.status = { phase: "Active" };
    stampNameLabel(namespace);
    return [];
  },
  prepareUpdate(draft, old) {
    draft["spec"] = old["spec"];
    stampNameLabel(draft);
    return [];
  },
};

function stampNameLabel({ metadata }: Namespace): void {
  if ((metadata.name ?? "") === "") return;
  metadata.labels = { ...metadata.labels, "kubernetes.io/metadata.name": metadata.name };
}
