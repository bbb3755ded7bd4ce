import { goTypes } from "../go/go-types.ts";
import { isJsonObject, type JsonObject } from "../patch/json-value.ts";
import { findTypeSchema, schemaTypeOf, type FieldSchema } from "../schema/schema.ts";

/**
 * Whether nothing is to be said about the fields of an object, as of most: its kind knows all of them, and their values are of
 * their types and written as usual. When it is false, `decodingError` and `validateObject` say what is wrong, or that nothing is.
 * This is one walk along checks that are made of the schema once; those two take notes for what they might have to say.
 * Fields that are shared with an object that is known to be plain are left out.
 */
export function isPlainObject(
  apiVersion: string,
  kind: string,
  object: unknown,
  known: JsonObject = {},
): boolean {
  const type = schemaTypeOf(apiVersion, kind);
  return type === undefined || checkOf(type)(object, known);
}

type Check = (value: unknown, known?: JsonObject) => boolean;

const checks = new Map<string, Check>();

/** The check of a value of a type that is not null. */
function checkOf(type: string): Check {
  let check = checks.get(type);
  if (check === undefined) {
    check = findTypeSchema(type) === undefined ? (scalars[type] ?? (() => true)) : checkOfStruct(type);
    checks.set(type, check);
  }
  return check;
}

function checkOfStruct(type: string): Check {
  const schema = findTypeSchema(type);
  // A type may have itself inside, so the checks of fields are made when they are first wanted.
  const fields = new Map<string, Check>();
  return (value, known) => {
    if (!isJsonObject(value)) return false;
    for (const name in value) {
      if (known !== undefined && value[name] === known[name]) continue;
      let check = fields.get(name);
      if (check === undefined) {
        const field = schema?.get(name);
        if (field === undefined) return false;
        fields.set(name, (check = checkOfField(`${type}.${name}`, field)));
      }
      const one = value[name];
      if (one !== null && one !== undefined && !check(one)) return false;
    }
    return true;
  };
}

function checkOfField(path: string, { type, shape }: FieldSchema): Check {
  const single = goTypes.fields[path]?.endsWith("MicroTime") === true ? isPlainMicroTime : checkOf(type);
  if (shape === "single") return single;
  if (shape === "list") return everyItem(single);
  return everyValue(shape === "map" ? single : everyItem(single));
}

function everyItem(check: Check): Check {
  return (list) => Array.isArray(list) && list.every((item) => item === null || check(item));
}

function everyValue(check: Check): Check {
  return (map) => {
    if (!isJsonObject(map)) return false;
    for (const name in map) if (map[name] !== null && !check(map[name])) return false;
    return true;
  };
}

/** Less than each type takes: what is written in another way is looked at in full. */
const scalars: Readonly<Record<string, Check>> = {
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  number: (value) => typeof value === "number",
  integer: isInt32,
  intOrString: (value) => typeof value === "string" || isInt32(value),
  quantity: (value) =>
    typeof value === "string" && /^\d{1,15}(?:\.\d{1,9})?(?:[mkMGTPE]|[KMGTPE]i)?$/.test(value),
  time: isPlainTime,
  base64: (value) =>
    typeof value === "string" && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value),
};

function isInt32(value: unknown): boolean {
  return Number.isInteger(value) && value === ((value as number) | 0);
}

/** In UTC, to the second. The 29th of February is looked at in full. */
function isPlainTime(value: unknown): boolean {
  return typeof value === "string" && plainTime.test(value);
}

const plainTime =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3])(?::[0-5]\d){2}Z$/;

/** The same to the microsecond. */
function isPlainMicroTime(value: unknown): boolean {
  return typeof value === "string" && /\.\d{6}Z$/.test(value) && isPlainTime(`${value.slice(0, -8)}Z`);
}
