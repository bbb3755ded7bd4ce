import { endpointsColumns } from "./endpoints-columns.ts";
import { endpointsErrors, endpointsUpdateErrors } from "./endpoints-errors.ts";
import { endpointsWarnings } from "./endpoints-warnings.ts";
import { kind, type Kind } from "../../kind.ts";

/** Endpoints, the forerunner of EndpointSlices. */
export const endpointsKind: Kind = kind("", "v1", "Endpoints", "endpoints", "namespaced", {
  isRecord: true,
  shortNames: ["ep"],
  columns: endpointsColumns,
  createErrors: endpointsErrors,
  updateErrors: endpointsUpdateErrors,
  warnings: endpointsWarnings,
  storage: {
    status: "none",
    createOnUpdate: true,
    deprecation: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  },
});
