import type { IngressClass } from "../../../object.ts";
import { ageColumn, column, nameColumn, type TableColumns } from "../../columns/columns.ts";
import { ageOf } from "../../columns/human-duration.ts";

/** What `kubectl get ingressclasses` shows. */
export const ingressClassColumns: TableColumns = {
  columns: [
    nameColumn,
    column("Controller", "Controller that is responsible for handling this class"),
    column("Parameters", "A reference to a resource with additional parameters"),
    ageColumn,
  ],
  cells(object, nowMs) {
    const { metadata, spec } = object as IngressClass;
    const isDefault = metadata.annotations?.["ingressclass.kubernetes.io/is-default-class"] === "true";
    const { kind, apiGroup, name } = spec?.parameters ?? { kind: "", name: "" };
    const parameters =
      kind === "" ? "<none>" : `${kind}${apiGroup === undefined ? "" : `.${apiGroup}`}/${name}`;
    const age = ageOf(metadata.creationTimestamp, nowMs);
    return [`${metadata.name}${isDefault ? " (default)" : ""}`, spec?.controller ?? "", parameters, age];
  },
};
