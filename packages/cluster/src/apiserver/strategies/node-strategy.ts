import type { Node } from "@seaworthy/kube";
import type { Strategy } from "./strategy.ts";

/** Nodes register themselves together with their status. */
export const nodeStrategy: Strategy = {
  status: "keep",
  selectableFields: (object) => ({
    "spec.unschedulable": String((object as Node).spec?.unschedulable ?? false),
  }),
};
