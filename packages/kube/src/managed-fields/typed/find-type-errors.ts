import { isJsonObject } from "../../patch/json-value.ts";
import { fieldElement, formatPathElement } from "../field-set/path-element.ts";
import { toGoSyntax, toGoType, toGoValue } from "./go-value.ts";
import { listElement, ListItemError } from "./list-element.ts";
import {
  fieldTypeOf,
  handledAs,
  isScalar,
  shapeOf,
  type ListType,
  type MapType,
  type MergeType,
  type ScalarType,
} from "./merge-type.ts";

/** What is wrong with a value that is to have a type, in the words of structured-merge-diff. */
export interface TypeMismatch {
  readonly path: string;
  readonly message: string;
}

/**
 * Finds what does not fit the type. Items of an associative list that are there twice are an error unless they are allowed,
 * as they are in objects that are stored already.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/typed/validate.go
 */
export function findTypeErrors(
  value: unknown,
  type: MergeType,
  options: { readonly allowDuplicates?: boolean } = {},
): TypeMismatch[] {
  return [...errorsIn(value, type, options.allowDuplicates === true)];
}

/** The errors as one text. */
export function formatTypeErrors(errors: readonly TypeMismatch[]): string {
  const texts = errors.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  return texts.length <= 1 ? (texts[0] ?? "") : ["errors:", ...texts.map((text) => `  ${text}`)].join("\n");
}

function* errorsIn(value: unknown, type: MergeType, allowDuplicates: boolean): Generator<TypeMismatch> {
  const { scalar, list, map } = handledAs(type, shapeOf(type, value));
  if (value === null) return;
  if (map !== undefined) {
    if (isJsonObject(value)) yield* errorsInMap(value, map, allowDuplicates);
    else yield { path: "", message: `expected map, got ${toGoValue(value)}` };
  } else if (list !== undefined) {
    if (Array.isArray(value)) yield* errorsInList(value, list, allowDuplicates);
    else yield { path: "", message: `expected list, got ${toGoValue(value)}` };
  } else if (scalar !== undefined) {
    const message = scalarError(scalar, value);
    if (message !== undefined) yield { path: "", message };
  }
}

function* errorsInMap(
  value: Readonly<Record<string, unknown>>,
  map: MapType,
  allowDuplicates: boolean,
): Generator<TypeMismatch> {
  for (const [name, item] of Object.entries(value)) {
    const prefix = formatPathElement(fieldElement(name));
    const type = fieldTypeOf(map, name);
    if (type === undefined) {
      // Kubernetes looks no further in this map.
      yield { path: prefix, message: "field not declared in schema" };
      return;
    }
    yield* within(prefix, errorsIn(item, type, allowDuplicates));
  }
}

function* errorsInList(
  value: readonly unknown[],
  list: ListType,
  allowDuplicates: boolean,
): Generator<TypeMismatch> {
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    let element = `i:${index}`;
    if (list.relationship === "associative") {
      try {
        element = listElement(list, item);
      } catch (error) {
        if (!(error instanceof ListItemError)) throw error;
        yield { path: "", message: `element ${index}: ${error.message}` };
        return;
      }
      if (seen.has(element) && !allowDuplicates)
        yield { path: "", message: `duplicate entries for key ${formatPathElement(element)}` };
      seen.add(element);
    }
    yield* within(formatPathElement(element), errorsIn(item, list.element, allowDuplicates));
  }
}

function* within(prefix: string, errors: Iterable<TypeMismatch>): Generator<TypeMismatch> {
  for (const { path, message } of errors) yield { path: prefix + path, message };
}

function scalarError(scalar: ScalarType, value: unknown): string | undefined {
  switch (scalar) {
    case "numeric":
      return typeof value === "number"
        ? undefined
        : `expected numeric (int or float), got ${toGoType(value)}`;
    case "string":
      return typeof value === "string" ? undefined : `expected string, got ${toGoSyntax(value)}`;
    case "boolean":
      return typeof value === "boolean" ? undefined : `expected boolean, got ${toGoValue(value)}`;
    case "untyped":
      return isScalar(value) ? undefined : `expected any scalar, got ${toGoValue(value)}`;
  }
}
