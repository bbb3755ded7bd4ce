import type { Namespace } from "@seaworthy/kube";
import type { Strategy } from "./strategy.ts";

/** Namespaces begin Active with the finalizer `kubernetes`, which only `/finalize` takes off. */
export const namespaceStrategy: Strategy = {
  status: "isolated",
  returnsDeleted: true,
  selectableFields: (object) => ({ "status.phase": (object as Namespace).status?.phase }),
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
