import type { KubeObject } from "../object.ts";
import { isJsonObject, type JsonObject } from "../patch/json-value.ts";
import { findTypeSchema, schemaTypeOf, type FieldSchema, type TypeSchema } from "../schema/schema.ts";
import { formatFieldPath, type FieldPath } from "./field-path.ts";
import { nearestName } from "./nearest-name.ts";
import { requiredByServer } from "./required-fields.ts";
import { findTypeProblem } from "./type-problem.ts";

/** What is wrong with one field of an object. */
export interface FieldProblem {
  readonly kind: "unknown-field" | "wrong-type" | "missing-field";
  /** The field; for a missing one, where it should be. */
  readonly path: FieldPath;
  /** The same as text: `spec.template.spec.containers[0].image`. */
  readonly field: string;
  /** What is wrong, in a sentence without the field's name. */
  readonly message: string;
  /** What was probably meant: the name of a field. */
  readonly suggestion?: string;
}

/**
 * Every field that Kubernetes does not know, that has a value of the wrong type, or that is required and
 * missing. An object of a kind without a schema has no problems. `status` may be partial. Of a custom kind the type can be given.
 */
export function validateObject(
  object: KubeObject,
  type: string | undefined = schemaTypeOf(object.apiVersion, object.kind),
): FieldProblem[] {
  if (type === undefined) return [];
  const problems: FieldProblem[] = [];
  const metadata: unknown = object.metadata;
  const isNamed = isJsonObject(metadata) && (isGiven(metadata["name"]) || isGiven(metadata["generateName"]));
  if (!isNamed) problems.push(missing(["metadata", "name"]));
  visit(object, type, [], problems);
  return problems;
}

/** The same for a value of one type inside an object, by the type's name. */
export function validateType(value: unknown, type: string, path: FieldPath): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (isJsonObject(value)) visit(value, type, [...path], problems);
  else problems.push(wrongType(path, "an object", value));
  return problems;
}

/** `path` is one list that grows and shrinks on the way; who keeps it copies it. */
function visit(object: JsonObject, type: string, path: (string | number)[], problems: FieldProblem[]): void {
  const fields = findTypeSchema(type);
  if (fields === undefined) return;
  for (const key in object) {
    const value = object[key];
    const field = fields.get(key);
    if (field === undefined) problems.push(unknownField(fields, object, key, path));
    else if (value !== null && value !== undefined) {
      path.push(key);
      visitField(value, field, path, problems);
      path.pop();
    }
  }
  if (path[0] === "status") return;
  for (const { key, atRoot } of requiredFields(type, fields))
    if ((atRoot || path.length > 0) && !isGiven(object[key])) problems.push(missing([...path, key]));
}

const required = new Map<string, readonly { readonly key: string; readonly atRoot: boolean }[]>();

/** The fields that a type must have, gathered once. */
function requiredFields(type: string, fields: TypeSchema) {
  let found = required.get(type);
  if (found === undefined) {
    found = [...fields]
      .map(([key, field]) => ({
        key,
        required: field.required,
        atRoot: requiredByServer.has(`${type}.${key}`),
      }))
      .filter((field) => field.required || field.atRoot);
    required.set(type, found);
  }
  return found;
}

function visitField(
  value: unknown,
  field: FieldSchema,
  path: (string | number)[],
  problems: FieldProblem[],
): void {
  if (field.shape === "single") return visitItem(value, field, path, problems);
  if (field.shape === "list") {
    if (!Array.isArray(value)) return void problems.push(wrongType(path, "a list", value));
    for (const [index, item] of value.entries()) {
      path.push(index);
      visitItem(item, field, path, problems);
      path.pop();
    }
    return;
  }
  if (!isJsonObject(value)) return void problems.push(wrongType(path, "a map", value));
  for (const [key, item] of Object.entries(value)) {
    const inner: FieldSchema = { ...field, shape: field.shape === "mapOfLists" ? "list" : "single" };
    if (item === null) continue;
    path.push(key);
    visitField(item, inner, path, problems);
    path.pop();
  }
}

function visitItem(
  value: unknown,
  field: FieldSchema,
  path: (string | number)[],
  problems: FieldProblem[],
): void {
  if (findTypeSchema(field.type) === undefined) {
    const expected = findTypeProblem(field.type, value);
    if (expected !== undefined) problems.push(wrongType(path, expected, value));
  } else if (isJsonObject(value)) {
    visit(value, field.type, path, problems);
  } else {
    problems.push(wrongType(path, "an object", value));
  }
}

function unknownField(fields: TypeSchema, object: JsonObject, key: string, path: FieldPath): FieldProblem {
  // A field that is already there is not what was meant.
  const candidates = [...fields.keys()].filter((name) => !Object.hasOwn(object, name));
  const suggestion = nearestName(key, candidates);
  const at = [...path, key];
  const message = `${JSON.stringify(key)} is not a field${path.length === 0 ? "" : ` of ${formatFieldPath(path)}`}`;
  const problem = { kind: "unknown-field", path: at, field: formatFieldPath(at), message } as const;
  return suggestion === undefined ? problem : { ...problem, suggestion };
}

function wrongType(path: FieldPath, expected: string, value: unknown): FieldProblem {
  const message = `must be ${expected}, and is ${describe(value)}`;
  return { kind: "wrong-type", path: [...path], field: formatFieldPath(path), message };
}

function missing(path: FieldPath): FieldProblem {
  return { kind: "missing-field", path, field: formatFieldPath(path), message: "is required" };
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  const text = JSON.stringify(value) ?? String(value);
  return `the ${typeof value} ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}
