import { kind, type Kind } from "../../kind.ts";

/** Templates of claims of devices. */
export const resourceClaimTemplateKind: Kind = kind(
  "resource.k8s.io",
  "v1",
  "ResourceClaimTemplate",
  "resourceclaimtemplates",
  "namespaced",
  {
    offVersions: ["v1beta2", "v1beta1"],
    idle: true,
    loadRules: async () => {
      const { resourceClaimTemplateErrors, resourceClaimTemplateUpdateErrors } =
        await import("./resource-claim-template-errors.ts");
      return { createErrors: resourceClaimTemplateErrors, updateErrors: resourceClaimTemplateUpdateErrors };
    },
    storage: { status: "none", returnsDeleted: true },
  },
);
