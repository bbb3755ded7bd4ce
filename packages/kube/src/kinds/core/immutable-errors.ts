import { deepEqual } from "../../deep-equal.ts";
import type { ConfigMap, KubeObject } from "../../object.ts";
import { forbiddenValue, type FieldErrors } from "../field-error.ts";

/** What is wrong with a change of a ConfigMap or Secret that says of itself that it does not change. */
export function* immutableErrors(
  object: KubeObject,
  old: KubeObject,
  fields: readonly ("data" | "binaryData")[],
): FieldErrors {
  if ((old as ConfigMap).immutable !== true) return;
  const why = "field is immutable when `immutable` is set";
  if ((object as ConfigMap).immutable !== true) yield forbiddenValue("immutable", why);
  for (const field of fields)
    if (!deepEqual(object[field] ?? {}, old[field] ?? {})) yield forbiddenValue(field, why);
}

/** So many bytes a ConfigMap or Secret may hold. */
export const mostDataBytes = 1024 * 1024;

/** How many bytes a base64 text stands for. */
export function decodedLength(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return Math.max(0, Math.floor((base64.length * 3) / 4) - padding);
}
