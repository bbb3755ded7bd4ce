import type { TableColumns } from "../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../columns/shown-columns.ts";
import { listAt } from "../columns/value-at.ts";

/** What `kubectl get` shows of configurations of webhooks. */
export const webhookColumns: TableColumns = shownColumns(
  showsName(),
  shows("Webhooks", (object) => listAt(object, "webhooks").length, { type: "integer" }),
  showsAge,
);
