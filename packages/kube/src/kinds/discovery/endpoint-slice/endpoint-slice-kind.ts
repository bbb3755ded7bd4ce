import type { EndpointSlice } from "../../../object.ts";
import { endpointSliceColumns } from "./endpoint-slice-columns.ts";
import { endpointSliceErrors, endpointSliceUpdateErrors } from "./endpoint-slice-errors.ts";
import { endpointSliceWarnings } from "./endpoint-slice-warnings.ts";
import { kind, type Kind } from "../../kind.ts";

/** EndpointSlices. */
export const endpointSliceKind: Kind = kind(
  "discovery.k8s.io",
  "v1",
  "EndpointSlice",
  "endpointslices",
  "namespaced",
  {
    isRecord: true,
    columns: endpointSliceColumns,
    createErrors: endpointSliceErrors,
    updateErrors: endpointSliceUpdateErrors,
    warnings: endpointSliceWarnings,
    storage: {
      status: "none",
      generationInputs(object) {
        const { metadata, addressType, endpoints, ports } = object as EndpointSlice;
        return [metadata.labels, addressType, endpoints, ports];
      },
    },
  },
);
