import { isJsonObject } from "../../patch/json-value.ts";

/** What stands at a path in an object: `valueAt(pod, "spec.nodeName")`; undefined where nothing does. */
export function valueAt(object: unknown, path: string): unknown {
  let value = object;
  for (const step of path.split(".")) value = isJsonObject(value) ? value[step] : undefined;
  return value ?? undefined;
}

/** The text at a path, or `otherwise` where there is none or an empty one. */
export function textAt(object: unknown, path: string, otherwise = ""): string {
  const value = valueAt(object, path);
  return typeof value === "string" && value !== ""
    ? value
    : typeof value === "number"
      ? String(value)
      : otherwise;
}

/** The number at a path, or 0. */
export function numberAt(object: unknown, path: string): number {
  return Number(valueAt(object, path) ?? 0);
}

/** The list at a path, or an empty one. */
export function listAt(object: unknown, path: string): readonly unknown[] {
  const value = valueAt(object, path);
  return Array.isArray(value) ? value : [];
}
