import type { V1DeviceClassConfiguration, V1DeviceSelector } from "@kubernetes/client-node";
import { isJsonObject } from "../../patch/json-value.ts";
import type { Unchecked } from "../../object.ts";
import {
  invalidBecause,
  invalidValue,
  requiredValue,
  tooLongValue,
  tooManyValues,
  type FieldErrors,
} from "../field-error.ts";
import { driverNameErrors } from "../core/persistent-volume/volume-source-errors.ts";
import { byteLength, cIdentifier } from "../meta/names.ts";

const mostSelectors = 32;
const longestExpression = 10 * 1024;
const longestParameters = 10 * 1024;
const longestIdentifier = 32;

/** What is wrong with the expressions that choose devices. They are not compiled. */
export function* deviceSelectorErrors(
  field: string,
  selectors: readonly Unchecked<V1DeviceSelector>[] | undefined,
): FieldErrors {
  const count = selectors?.length ?? 0;
  if (count > mostSelectors) return yield tooManyValues(field, count, mostSelectors);
  for (const [index, { cel }] of (selectors ?? []).entries()) {
    if (cel === undefined) yield requiredValue(`${field}[${index}].cel`);
    else if (byteLength(cel.expression ?? "") > longestExpression)
      yield tooLongValue(`${field}[${index}].cel.expression`, longestExpression);
  }
}

/** What is wrong with what is told to a driver. */
export function* deviceConfigurationErrors(
  field: string,
  { opaque }: Unchecked<V1DeviceClassConfiguration>,
): FieldErrors {
  if (opaque === undefined) return yield requiredValue(`${field}.opaque`);
  const parameters: unknown = opaque.parameters;
  const at = `${field}.opaque.parameters`;
  yield* driverNameErrors(`${field}.opaque.driver`, opaque.driver ?? "");
  if (parameters === undefined || parameters === null) yield requiredValue(at);
  else if (byteLength(JSON.stringify(parameters)) > longestParameters)
    yield tooLongValue(at, longestParameters);
  else if (!isJsonObject(parameters))
    yield invalidValue(at, "<value omitted>", "must be a valid JSON object");
}

/** What is wrong with the name of an attribute, which may have a domain: `example.com/model`. */
export function* attributeNameErrors(field: string, name: string): FieldErrors {
  const [first = "", second, ...rest] = name.split("/");
  if (rest.length > 0) return;
  if (second === undefined) return yield* identifierErrors(field, first);
  if (first === "") yield invalidValue(field, "", "the domain must not be empty");
  else yield* driverNameErrors(field, first);
  if (second === "") yield invalidValue(field, "", "the name must not be empty");
  else yield* identifierErrors(field, second);
}

/** The same where it must have a domain. */
export function* fullNameErrors(field: string, name: string): FieldErrors {
  yield* attributeNameErrors(field, name);
  if (!name.includes("/"))
    yield invalidValue(
      field,
      name,
      "a fully qualified name must be a domain and a name separated by a slash",
    );
}

function* identifierErrors(field: string, name: string): FieldErrors {
  if (byteLength(name) > longestIdentifier) yield tooLongValue(field, longestIdentifier);
  yield* invalidBecause(field, name, cIdentifier(name));
}
