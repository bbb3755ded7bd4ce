import { controllerRevisionColumns } from "./controller-revision-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** Former templates of StatefulSets and DaemonSets. */
export const controllerRevisionKind: Kind = kind(
  "apps",
  "v1",
  "ControllerRevision",
  "controllerrevisions",
  "namespaced",
  {
    loadRules: async () => {
      const { controllerRevisionErrors, controllerRevisionUpdateErrors } =
        await import("./controller-revision-errors.ts");
      return { createErrors: controllerRevisionErrors, updateErrors: controllerRevisionUpdateErrors };
    },
    storage: { status: "none" },
    isRecord: true,
    columns: controllerRevisionColumns,
  },
);
