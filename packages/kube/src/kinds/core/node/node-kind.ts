import type { Node } from "../../../object.ts";
import { nodeColumns } from "./node-columns.ts";
import { nodeErrors, nodeUpdateErrors } from "./node-errors.ts";
import { nodeWarnings } from "./node-warnings.ts";
import { kind, type Kind } from "../../kind.ts";

/** Nodes. */
export const nodeKind: Kind = kind("", "v1", "Node", "nodes", "cluster", {
  isRecord: true,
  shortNames: ["no"],
  columns: nodeColumns,
  createErrors: nodeErrors,
  updateErrors: nodeUpdateErrors,
  warnings: nodeWarnings,
  storage: {
    // Nodes register themselves together with their status.
    status: "keep",
    selectableFields: (object) => ({
      "spec.unschedulable": String((object as Node).spec?.unschedulable ?? false),
    }),
  },
});
