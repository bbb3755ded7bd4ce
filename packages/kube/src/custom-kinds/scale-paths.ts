import { invalidValue, type FieldErrors } from "../kinds/field-error.ts";
import { isJsonObject, type JsonObject } from "../patch/json-value.ts";
import type { ScalePaths } from "./custom-resource-definition.ts";

/** The value at a path of plain names, `.spec.replicas`; undefined where it is not there. */
export function valueAtPath(object: unknown, path: string): unknown {
  let value = object;
  for (const name of namesOf(path)) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** Sets the value at such a path, and makes the objects that lead to it. */
export function setAtPath(object: JsonObject, path: string, value: unknown): void {
  const names = namesOf(path);
  let holder = object;
  for (const name of names.slice(0, -1)) {
    const inner = holder[name];
    holder = (isJsonObject(inner) ? inner : (holder[name] = {})) as JsonObject;
  }
  holder[names.at(-1) ?? ""] = value;
}

const mostReplicas = 2 ** 31 - 1;

/** What is wrong with the fields of a custom object that its Scale shows (customResourceValidator.ValidateScaleSpec). */
export function* scaleSpecErrors(object: JsonObject, { specReplicasPath }: ScalePaths): FieldErrors {
  yield* replicasErrors(object, specReplicasPath);
}

/** The same for those of its status. */
export function* scaleStatusErrors(
  object: JsonObject,
  { statusReplicasPath, labelSelectorPath = "" }: ScalePaths,
): FieldErrors {
  yield* replicasErrors(object, statusReplicasPath);
  const blocked = labelSelectorPath === "" ? undefined : blockedAt(object, labelSelectorPath);
  if (blocked !== undefined) yield invalidValue(labelSelectorPath, "", blocked);
  const selector = labelSelectorPath === "" ? undefined : valueAtPath(object, labelSelectorPath);
  if (selector !== undefined && typeof selector !== "string") {
    const why = `${labelSelectorPath} accessor error: ${goText(selector)} is of the type ${goType(selector)}, expected string`;
    yield invalidValue(labelSelectorPath, "", why);
  }
}

function* replicasErrors(object: JsonObject, path: string): FieldErrors {
  const blocked = blockedAt(object, path);
  if (blocked !== undefined) yield invalidValue(path, 0, blocked);
  const replicas = valueAtPath(object, path);
  if (replicas === undefined) return;
  if (typeof replicas !== "number" || !Number.isInteger(replicas)) {
    const why = `${path} accessor error: ${goText(replicas)} is of the type ${goType(replicas)}, expected int64`;
    yield invalidValue(path, 0, why);
  } else if (replicas < 0) yield invalidValue(path, replicas, "should be a non-negative integer");
  else if (replicas > mostReplicas)
    yield invalidValue(path, replicas, `should be less than or equal to ${mostReplicas}`);
}

/** Says where a path comes upon something that is no object; undefined where it does not. */
function blockedAt(object: unknown, path: string): string | undefined {
  let value = object;
  for (const name of namesOf(path)) {
    if (value === undefined) return undefined;
    if (!isJsonObject(value))
      return `${path} accessor error: ${goText(value)} is of the type ${goType(value)}, expected map[string]interface{}`;
    value = value[name];
  }
  return undefined;
}

function namesOf(path: string): string[] {
  return path.replace(/^\./, "").split(".");
}

function goText(value: unknown): string {
  if (value === null) return "<nil>";
  return typeof value === "object" ? JSON.stringify(value) : String(value as string);
}

function goType(value: unknown): string {
  if (value === null) return "<nil>";
  if (Array.isArray(value)) return "[]interface {}";
  if (typeof value === "object") return "map[string]interface {}";
  return typeof value === "number"
    ? Number.isInteger(value)
      ? "int64"
      : "float64"
    : typeof value === "boolean"
      ? "bool"
      : "string";
}
