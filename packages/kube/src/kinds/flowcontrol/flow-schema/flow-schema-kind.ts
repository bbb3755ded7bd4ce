import { flowSchemaColumns } from "./flow-schema-columns.ts";
import { defaultFlowSchema } from "./flow-schema-defaults.ts";
import { flowSchemaErrors } from "./flow-schema-errors.ts";
import { kind, type Kind } from "../../kind.ts";

/** FlowSchemas. */
export const flowSchemaKind: Kind = kind(
  "flowcontrol.apiserver.k8s.io",
  "v1",
  "FlowSchema",
  "flowschemas",
  "cluster",
  {
    idle: true,
    createErrors: flowSchemaErrors,
    updateErrors: flowSchemaErrors,
    storage: { status: "isolated", newStatus: {}, generationInputs: ({ spec }) => spec },
    columns: flowSchemaColumns,
    defaults: defaultFlowSchema,
  },
);
