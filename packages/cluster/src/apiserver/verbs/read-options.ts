import type { FieldError } from "@seaworthy/kube";
import { readBoolean, readInteger } from "../http/query-options.ts";
import { refuseInvalid } from "../http/status-error.ts";

/** What the query of a list or a watch says. */
export interface ReadOptions {
  readonly watch: boolean;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  /** 0 for none. */
  readonly limit: number;
  readonly continueToken: string;
  /** 0 for none. */
  readonly timeoutSeconds: number;
  readonly allowWatchBookmarks: boolean;
  /** Undefined when the query does not say. */
  readonly sendInitialEvents: boolean | undefined;
}

/** Reads the parameters that lists and watches share, and refuses those that do not go together. */
export function readOptions(query: URLSearchParams): ReadOptions {
  const options = {
    watch: readBoolean(query, "watch") ?? false,
    resourceVersion: query.get("resourceVersion") ?? "",
    resourceVersionMatch: query.get("resourceVersionMatch") ?? "",
    limit: Math.max(0, readInteger(query, "limit") ?? 0),
    continueToken: query.get("continue") ?? "",
    timeoutSeconds: Math.max(0, readInteger(query, "timeoutSeconds") ?? 0),
    allowWatchBookmarks: readBoolean(query, "allowWatchBookmarks"),
    sendInitialEvents: query.has("sendInitialEvents") ? readBoolean(query, "sendInitialEvents") : undefined,
  };
  const errors = options.watch ? watchErrors(options) : listErrors(options);
  refuseInvalid({ group: "meta.k8s.io", plural: "listoptions", kind: "ListOptions" }, "", errors);
  return options;
}

const match = "resourceVersionMatch";

const forbidden = (field: string, why: string): FieldError => ({
  reason: "FieldValueForbidden",
  field,
  message: `Forbidden: ${why}`,
});

const unsupported = (value: string, supported: readonly string[]): FieldError => ({
  reason: "FieldValueNotSupported",
  field: match,
  message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.map((each) => JSON.stringify(each)).join(", ")}`,
});

/** https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/apis/meta/internalversion/validation/validation.go */
function listErrors(options: ReadOptions): FieldError[] {
  const { resourceVersionMatch: asked, resourceVersion } = options;
  const errors: FieldError[] = [];
  if (asked !== "") {
    if (resourceVersion === "")
      errors.push(forbidden(match, `${match} is forbidden unless resourceVersion is provided`));
    if (options.continueToken !== "")
      errors.push(forbidden(match, `${match} is forbidden when continue is provided`));
    if (asked !== "Exact" && asked !== "NotOlderThan")
      errors.push(unsupported(asked, ["Exact", "NotOlderThan", ""]));
    if (asked === "Exact" && resourceVersion === "0")
      errors.push(forbidden(match, `${match} "exact" is forbidden for resourceVersion "0"`));
  }
  if (options.sendInitialEvents !== undefined)
    errors.push(forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  return errors;
}

function watchErrors(options: ReadOptions): FieldError[] {
  const { resourceVersionMatch: asked, sendInitialEvents } = options;
  const errors: FieldError[] = [];
  if (sendInitialEvents !== undefined && asked !== "NotOlderThan")
    errors.push(forbidden(match, `sendInitialEvents requires setting ${match} to NotOlderThan`));
  if (asked === "") return errors;
  if (sendInitialEvents === undefined)
    errors.push(forbidden(match, `${match} is forbidden for watch unless sendInitialEvents is provided`));
  if (asked !== "NotOlderThan") errors.push(unsupported(asked, ["NotOlderThan"]));
  if (options.continueToken !== "")
    errors.push(forbidden(match, `${match} is forbidden when continue is provided`));
  return errors;
}
