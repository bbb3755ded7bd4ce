import { flowSchemaColumns } from "./flow-schema-columns.ts";
import { defaultFlowSchema } from "./flow-schema-defaults.ts";
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
    loadRules: async () => {
      const { flowSchemaErrors } = await import("./flow-schema-errors.ts");
      return { createErrors: flowSchemaErrors, updateErrors: flowSchemaErrors };
    },
    storage: { status: "isolated", newStatus: {}, generationInputs: ({ spec }) => spec },
    columns: flowSchemaColumns,
    defaults: defaultFlowSchema,
  },
);
