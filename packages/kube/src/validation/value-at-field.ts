import type { FieldPath } from "./field-path.ts";

/** What an object has at a path; undefined where it has nothing there. */
export function valueAtField(object: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, step)
        ? (value as Readonly<Record<string | number, unknown>>)[step]
        : undefined,
    object,
  );
}
