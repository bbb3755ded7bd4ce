import type { PrinterColumn, ScalePaths } from "../../../../custom-kinds/custom-resource-definition.ts";
import { propertyOf, valuesOf, type JSONSchemaProps } from "../../../../custom-kinds/json-schema-props.ts";
import {
  duplicateValue,
  invalidValue,
  requiredValue,
  tooManyValues,
  type FieldErrors,
} from "../../../field-error.ts";

/** What is wrong with the warning of a deprecated version (validateDeprecationWarning). */
export function* deprecationErrors(
  field: string,
  isDeprecated: boolean,
  warning: string | undefined,
): FieldErrors {
  if (warning === undefined) return;
  if (!isDeprecated) {
    yield invalidValue(field, warning, "can only be set for deprecated versions");
    return;
  }
  if (Buffer.byteLength(warning) > 256) yield invalidValue(field, warning, "must be <= 256 characters long");
  if (warning === "") yield invalidValue(field, warning, "must not be an empty string");
  const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(warning);
  if (unprintable !== null)
    yield invalidValue(
      field,
      warning,
      `must only contain printable UTF-8 characters; non-printable character found at index ${Buffer.byteLength(warning.slice(0, unprintable.index))}`,
    );
}

/** What is wrong with the paths of a Scale (ValidateCustomResourceDefinitionSubresources). */
export function* scaleErrors(field: string, scale: ScalePaths | undefined): FieldErrors {
  if (scale === undefined) return;
  const {
    specReplicasPath = "",
    statusReplicasPath = "",
    labelSelectorPath = "",
  } = scale as Partial<ScalePaths>;
  if (specReplicasPath === "") yield requiredValue(`${field}.scale.specReplicasPath`);
  else yield* pathErrors(`${field}.scale.specReplicasPath`, specReplicasPath, [".spec."], ".spec");
  if (statusReplicasPath === "") yield requiredValue(`${field}.scale.statusReplicasPath`);
  else yield* pathErrors(`${field}.scale.statusReplicasPath`, statusReplicasPath, [".status."], ".status");
  if (labelSelectorPath !== "")
    yield* pathErrors(
      `${field}.scale.labelSelectorPath`,
      labelSelectorPath,
      [".spec.", ".status."],
      "either .spec or .status",
    );
}

function* pathErrors(field: string, path: string, roots: readonly string[], where: string): FieldErrors {
  const simple = [...simplePathErrors(field, path)];
  yield* simple;
  if (simple.length === 0 && !roots.some((root) => path.startsWith(root)))
    yield invalidValue(field, path, `should be a json path under ${where}`);
}

function* simplePathErrors(field: string, path: string): FieldErrors {
  if (!path.startsWith(".")) yield invalidValue(field, path, "must be a simple json path starting with .");
}

const columnTypes = ["boolean", "date", "integer", "number", "string"];
const columnFormats = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

/** What is wrong with a column (ValidateCustomResourceColumnDefinition). */
export function* columnErrors(field: string, column: PrinterColumn): FieldErrors {
  const { name = "", type = "", format = "", jsonPath = "" } = column as Partial<PrinterColumn>;
  if (name === "") yield requiredValue(`${field}.name`);
  const types = `must be one of ${columnTypes.join(",")}`;
  if (type === "") yield requiredValue(`${field}.type`, types);
  else if (!columnTypes.includes(type)) yield invalidValue(`${field}.type`, type, types);
  if (format !== "" && !columnFormats.includes(format))
    yield invalidValue(`${field}.format`, format, `must be one of ${columnFormats.join(",")}`);
  if (jsonPath === "") yield requiredValue(`${field}.JSONPath`);
  else yield* simplePathErrors(`${field}.JSONPath`, jsonPath);
}

const mostSelectableFields = 8;

/** What is wrong with the fields that field selectors may name (ValidateCustomResourceSelectableFields). */
export function* selectableFieldsErrors(
  field: string,
  selectable: readonly { readonly jsonPath?: string }[],
  schema: JSONSchemaProps,
): FieldErrors {
  const seen = new Set<string>();
  for (const [index, { jsonPath = "" }] of selectable.entries()) {
    const at = `${field}[${index}].jsonPath`;
    if (jsonPath === "") {
      yield requiredValue(at);
      continue;
    }
    const found = schemaAt(jsonPath, schema, { allowsBrackets: false });
    if (typeof found === "string") {
      yield invalidValue(at, jsonPath, `is an invalid path: ${found}`);
      continue;
    }
    if (jsonPath.split(".")[1] === "metadata")
      yield invalidValue(at, jsonPath, "must not point to fields in metadata");
    if (!["string", "boolean", "integer"].includes(found.type ?? ""))
      yield invalidValue(
        at,
        jsonPath,
        "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.",
      );
    if (seen.has(jsonPath)) yield duplicateValue(at, jsonPath);
    seen.add(jsonPath);
  }
  if (seen.size > mostSelectableFields) yield tooManyValues(field, seen.size, mostSelectableFields);
}

/** The schema at a path of fields and keys, `.spec.size` or `.spec['a.b']`, or what is wrong with the path (cel.ValidFieldPath). */
export function schemaAt(
  path: string,
  root: JSONSchemaProps,
  { allowsBrackets = true }: { readonly allowsBrackets?: boolean } = {},
): JSONSchemaProps | string {
  let schema: JSONSchemaProps = root;
  let rest = path;
  while (rest !== "") {
    const match = /^(?:\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\])/.exec(rest);
    if (rest.startsWith("[") && !allowsBrackets) return "array notation is not allowed";
    if (match === null)
      return rest === "."
        ? "unexpected end of JSON path"
        : `expected [ or . but got: ${/^[^.[\]]*/.exec(rest)?.[0] ?? rest}`;
    const name = match[1] ?? (match[2] ?? "").replaceAll(/\\(.)/g, "$1");
    const next: JSONSchemaProps | undefined =
      schema.properties === undefined ? valuesOf(schema) : propertyOf(schema, name);
    if (next === undefined) return "does not refer to a valid field";
    schema = next;
    rest = rest.slice(match[0].length);
  }
  return schema;
}
