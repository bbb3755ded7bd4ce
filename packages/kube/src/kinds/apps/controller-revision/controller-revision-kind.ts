import { controllerRevisionColumns } from "./controller-revision-columns.ts";
import { controllerRevisionErrors, controllerRevisionUpdateErrors } from "./controller-revision-errors.ts";
import { kind, type Kind } from "../../kind.ts";

/** Former templates of StatefulSets and DaemonSets. */
export const controllerRevisionKind: Kind = kind(
  "apps",
  "v1",
  "ControllerRevision",
  "controllerrevisions",
  "namespaced",
  {
    createErrors: controllerRevisionErrors,
    updateErrors: controllerRevisionUpdateErrors,
    storage: { status: "none" },
    columns: controllerRevisionColumns,
  },
);
