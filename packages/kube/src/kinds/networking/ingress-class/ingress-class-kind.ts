import { ingressClassColumns } from "./ingress-class-columns.ts";
import { ingressClassErrors, ingressClassUpdateErrors } from "./ingress-class-errors.ts";
import { kind, type Kind } from "../../kind.ts";

/** IngressClasses. */
export const ingressClassKind: Kind = kind(
  "networking.k8s.io",
  "v1",
  "IngressClass",
  "ingressclasses",
  "cluster",
  {
    applyOrder: 90,
    columns: ingressClassColumns,
    createErrors: ingressClassErrors,
    updateErrors: ingressClassUpdateErrors,
    storage: { status: "none", generationInputs: ({ spec }) => spec },
  },
);
