import type { Environment } from "@marcbachmann/cel-js";
import { isJsonObject, type JsonObject } from "../patch/json-value.ts";
import type { JsonPatchOperation } from "../patch/json-patch.ts";

/** An object or a part of one that an expression made: `Object.spec{…}`. */
class PatchObject {
  readonly type: string;
  readonly fields: ReadonlyMap<string, unknown>;

  constructor(type: string, fields: ReadonlyMap<string, unknown>) {
    this.type = type;
    this.fields = fields;
  }
}

/** `JSONPatch{…}`. */
class PatchOperation {
  readonly fields: ReadonlyMap<string, unknown>;

  constructor(fields: ReadonlyMap<string, unknown>) {
    this.fields = fields;
  }
}

class PatchFunctions {
  escapeKey(key: string): string {
    return key.replaceAll("~", "~0").replaceAll("/", "~1");
  }
}

/**
 * What expressions of mutations know besides: objects, operations of patches, `jsonpatch.escapeKey`.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/cel/mutation/dynamic/objects.go
 */
export function registerPatchTypes(environment: Environment): Environment {
  return environment
    .registerType("Object", { ctor: PatchObject, fields: {} })
    .registerType("JSONPatch", { ctor: PatchOperation, fields: {} })
    .registerType("JSONPatchFunctions", { ctor: PatchFunctions, fields: {} })
    .registerConstant("jsonpatch", "JSONPatchFunctions", new PatchFunctions())
    .registerFunction("JSONPatchFunctions.escapeKey(string): string", (own: PatchFunctions, key: string) =>
      own.escapeKey(key),
    )
    .registerFunction("newObject(string, map): dyn", newObject);
}

function newObject(
  type: string,
  given: ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>,
): unknown {
  const fields = new Map<string, unknown>();
  for (const [name, value] of given instanceof Map ? given : Object.entries(given)) {
    if (!isOptional(value)) fields.set(name, value);
    else if (value.hasValue()) fields.set(name, value.value());
  }
  return type.startsWith("JSONPatch") ? new PatchOperation(fields) : new PatchObject(type, fields);
}

interface Optional {
  hasValue(): boolean;
  value(): unknown;
}

function isOptional(value: unknown): value is Optional {
  return typeof value === "object" && value !== null && "hasValue" in value && "orValue" in value;
}

/** What an ApplyConfiguration applies. Throws in Kubernetes' words where that is no object, or names types wrongly. */
export function appliedObject(value: unknown): JsonObject {
  if (!(value instanceof PatchObject))
    throw new TypeError("unsupported return type from ApplyConfiguration expression");
  checkTypes(value);
  return toJson(value) as JsonObject;
}

/** The operations of a JSONPatch. Throws where they are none. */
export function patchOperations(value: unknown): JsonPatchOperation[] {
  if (!Array.isArray(value))
    throw new TypeError("type mismatch: JSONPatchType.expression should evaluate to array");
  return value.map((each: unknown) => {
    if (!(each instanceof PatchOperation))
      throw new TypeError("type mismatch: JSONPatchType.expression should evaluate to array of JSONPatch");
    const inner = each.fields.get("value");
    if (inner instanceof PatchObject) checkTypes(inner);
    const { value: own, ...rest } = toJson(each.fields) as JsonObject;
    return { ...rest, ...(each.fields.has("value") ? { value: own } : {}) } as unknown as JsonPatchOperation;
  });
}

/** `Object.spec{selector: Object.spec.wrong{}}` is a mistake that nobody else would find. */
function checkTypes(object: PatchObject): void {
  const errors = [...typeErrors(object, object.type)];
  if (errors.length > 0) throw new TypeError(`type mismatch: ${errors.join("\n")}`);
}

function* typeErrors(value: unknown, path: string): Generator<string> {
  if (value instanceof PatchObject) {
    if (value.type !== path)
      yield `unexpected type name ${JSON.stringify(value.type)}, expected ${JSON.stringify(path)}, which matches field name path from root Object type`;
    for (const [name, each] of value.fields) yield* typeErrors(each, `${path}.${name}`);
  } else if (Array.isArray(value)) {
    for (const each of value) yield* typeErrors(each, path);
  } else if (value instanceof Map) {
    for (const each of value.values()) yield* typeErrors(each, path);
  } else if (isJsonObject(value)) {
    for (const each of Object.values(value)) yield* typeErrors(each, path);
  }
}

/** A value of an expression as JSON. */
function toJson(value: unknown): unknown {
  if (value instanceof PatchObject) return toJson(value.fields);
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map)
    return Object.fromEntries(Array.from(value, ([key, each]) => [String(key), toJson(each)]));
  if (isPlain(value))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toJson(each)]));
  if (typeof value === "object" && value !== null)
    throw new TypeError("expression evaluated to a type that could not marshal to JSON");
  return value;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = isJsonObject(value) ? Object.getPrototypeOf(value) : undefined;
  return prototype === Object.prototype || prototype === null;
}
