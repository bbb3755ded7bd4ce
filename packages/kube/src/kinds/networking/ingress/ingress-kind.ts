import { ingressColumns } from "./ingress-columns.ts";
import { ingressErrors, ingressUpdateErrors } from "./ingress-errors.ts";
import { ingressWarnings } from "./ingress-warnings.ts";
import { kind, type Kind } from "../../kind.ts";

/** Ingresses. */
export const ingressKind: Kind = kind("networking.k8s.io", "v1", "Ingress", "ingresses", "namespaced", {
  shortNames: ["ing"],
  applyOrder: 91,
  columns: ingressColumns,
  createErrors: ingressErrors,
  updateErrors: ingressUpdateErrors,
  warnings: ingressWarnings,
  storage: { status: "isolated", newStatus: { loadBalancer: {} }, generationInputs: ({ spec }) => spec },
});
