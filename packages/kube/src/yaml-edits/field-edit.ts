import { isJsonObject } from "../patch/json-value.ts";
import type { FieldPath } from "../validation/field-path.ts";

/** A change of one field. `set` makes the fields above it, too, where they are absent. */
export type FieldEdit = { readonly path: FieldPath } & (
  | { readonly op: "set"; readonly value: unknown }
  | { readonly op: "remove" }
  | { readonly op: "rename"; readonly key: string }
);

/** A value after an edit; undefined when the edit does not fit what is there. What is not on the path is shared. */
export function edited(value: unknown, edit: FieldEdit): { readonly value: unknown } | undefined {
  const [step, ...rest] = edit.path;
  if (step === undefined) return edit.op === "set" ? { value: edit.value } : undefined;
  const parent = value ?? (edit.op === "set" ? (typeof step === "number" ? [] : {}) : undefined);
  if (typeof step === "number")
    return Array.isArray(parent) ? editedItem(parent, step, rest, edit) : undefined;
  if (!isJsonObject(parent)) return undefined;
  const isThere = Object.hasOwn(parent, step);
  if (edit.op !== "set" && !isThere) return undefined;
  if (rest.length === 0 && edit.op === "remove") {
    const { [step]: _, ...others } = parent;
    return { value: others };
  }
  if (rest.length === 0 && edit.op === "rename") {
    if (Object.hasOwn(parent, edit.key)) return undefined;
    const pairs = Object.entries(parent).map(([key, each]) => [key === step ? edit.key : key, each]);
    return { value: Object.fromEntries(pairs) as unknown };
  }
  const child = edited(isThere ? parent[step] : undefined, { ...edit, path: rest });
  return child && { value: { ...parent, [step]: child.value } };
}

function editedItem(
  list: readonly unknown[],
  index: number,
  rest: FieldPath,
  edit: FieldEdit,
): { readonly value: unknown } | undefined {
  if (index > list.length || (index === list.length && edit.op !== "set")) return undefined;
  if (rest.length === 0 && edit.op === "remove") return { value: list.toSpliced(index, 1) };
  const child = edited(list[index], { ...edit, path: rest });
  return child && { value: list.toSpliced(index, 1, child.value) };
}

/** What stands at the end of a path of absent fields: `["sleep", "seconds"]` and 5 make `{sleep: {seconds: 5}}`. */
export function nested(path: FieldPath, value: unknown): unknown {
  return path.reduceRight<unknown>(
    (inner, step) => (typeof step === "number" ? [inner] : { [step]: inner }),
    value,
  );
}
