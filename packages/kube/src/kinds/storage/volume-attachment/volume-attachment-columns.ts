import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { valueAt, textAt } from "../../columns/value-at.ts";

/** What `kubectl get volumeattachments` shows. */
export const volumeAttachmentColumns: TableColumns = shownColumns(
  showsName(),
  shows("Attacher", (object) => textAt(object, "spec.attacher"), { format: "name" }),
  shows("PV", (object) => textAt(object, "spec.source.persistentVolumeName")),
  shows("Node", (object) => textAt(object, "spec.nodeName")),
  shows("Attached", (object) => valueAt(object, "status.attached") === true, { type: "boolean" }),
  showsAge,
);
