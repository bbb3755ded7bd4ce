import { asList, asPart, resolved, type ApiDocument, type Part } from "./api-document.ts";

/** A plain value, or a list of them. */
export type ParameterValue = string | readonly string[];

/**
 * A value that the document itself names for a parameter: an example, a default, or the first of those that are allowed.
 * Undefined where it names none that can be written into a URL.
 */
export function parameterValue(parameter: Part, document: ApiDocument): ParameterValue | undefined {
  const schema = resolved(parameter["schema"], document) ?? {};
  // In Swagger 2 the parameter itself is the schema.
  const own = document.version === 2 ? parameter : {};
  const [firstExample] = Object.values(asPart(parameter["examples"]) ?? {});
  const named = [
    parameter["example"],
    resolved(firstExample, document)?.["value"],
    own["x-example"],
    own["default"],
    ...valuesOf(schema),
    ...asList(own["enum"]).slice(0, 1),
  ];
  const items = resolved(own["items"] ?? schema["items"], document);
  if (items !== undefined) named.push(...valuesOf(items).map((value) => [value]));
  return named.map((value) => textOf(value)).find((text) => text !== undefined);
}

function valuesOf(schema: Part): unknown[] {
  return [
    schema["example"],
    asList(schema["examples"])[0],
    schema["default"],
    schema["const"],
    asList(schema["enum"])[0],
  ];
}

function textOf(value: unknown): ParameterValue | undefined {
  if (!Array.isArray(value)) return scalarText(value);
  const texts = value.map((each) => scalarText(each));
  return texts.length > 0 && texts.every((text) => text !== undefined) ? texts : undefined;
}

/** An empty text leaves a hole in a path. */
function scalarText(value: unknown): string | undefined {
  const isScalar = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isScalar && value !== "" ? String(value) : undefined;
}
