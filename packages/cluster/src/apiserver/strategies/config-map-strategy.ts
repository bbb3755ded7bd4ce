import { deepEqual, type ConfigMap, type KubeObject } from "@seaworthy/kube";
import type { FieldError } from "../status-error.ts";
import type { Strategy } from "./strategy.ts";

/** ConfigMaps: `immutable: true` freezes them. */
export const configMapStrategy: Strategy = {
  status: "none",
  prepareUpdate: (draft, old) => immutableErrors(draft, old, ["data", "binaryData"]),
};

/** The errors of an update of an object that has been made immutable. */
export function immutableErrors(
  draft: KubeObject,
  old: KubeObject,
  fields: readonly ("data" | "binaryData")[],
): FieldError[] {
  if ((old as ConfigMap).immutable !== true) return [];
  const changed = (draft as ConfigMap).immutable === true ? [] : ["immutable"];
  for (const field of fields) if (!deepEqual(draft[field] ?? {}, old[field] ?? {})) changed.push(field);
  const message = "Forbidden: field is immutable when `immutable` is set";
  return changed.map((field) => ({ reason: "FieldValueForbidden", field, message }));
}
