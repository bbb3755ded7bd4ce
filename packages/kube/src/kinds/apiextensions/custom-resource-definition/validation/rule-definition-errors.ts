import { rulesOf } from "../../../../custom-kinds/cel/rule-errors.ts";
import {
  itemsOf,
  someSchema,
  valuesOf,
  type JSONSchemaProps,
} from "../../../../custom-kinds/json-schema-props.ts";
import { invalidValue, type FieldError, type FieldErrors } from "../../../field-error.ts";

/**
 * Rules that cannot be read. `found` is what is wrong with the schema besides: rules are read where nothing is wrong at
 * their place and below. Rules that an older state of the definition has were taken before.
 */
export function* ruleDefinitionErrors(
  field: string,
  schema: JSONSchemaProps,
  found: readonly FieldError[],
  old: readonly (JSONSchemaProps | undefined)[],
): FieldErrors {
  const before = new Set<string>();
  for (const each of old)
    someSchema(each, (node) => {
      for (const { rule } of node["x-kubernetes-validations"] ?? []) before.add(rule);
      return false;
    });
  yield* nodeErrors(
    field,
    schema,
    true,
    undefined,
    (at) => found.some((error) => error.field.startsWith(at)),
    before,
  );
}

function* nodeErrors(
  field: string,
  schema: JSONSchemaProps,
  isRoot: boolean,
  uncorrelated: string | undefined,
  isFaulty: (field: string) => boolean,
  before: ReadonlySet<string>,
): FieldErrors {
  const values = valuesOf(schema);
  if (values !== undefined)
    yield* nodeErrors(`${field}.additionalProperties`, values, false, uncorrelated, isFaulty, before);
  for (const [key, property] of Object.entries(schema.properties ?? {}))
    yield* nodeErrors(`${field}.properties[${key}]`, property, false, uncorrelated, isFaulty, before);
  const items = itemsOf(schema);
  // Only the items of a list that is a map have an older state that they can be compared with.
  const inItems = uncorrelated ?? (schema["x-kubernetes-list-type"] === "map" ? undefined : field);
  if (items !== undefined) yield* nodeErrors(`${field}.items`, items, false, inItems, isFaulty, before);
  if ((schema["x-kubernetes-validations"] ?? []).length === 0 || isFaulty(field)) return;
  for (const [index, each] of rulesOf(schema, isRoot).entries()) {
    const at = `${field}.x-kubernetes-validations[${index}]`;
    const { rule } = each;
    const shown = {
      Rule: rule.rule,
      Message: rule.message ?? "",
      MessageExpression: rule.messageExpression ?? "",
      Reason: rule.reason ?? null,
      FieldPath: rule.fieldPath ?? "",
      OptionalOldSelf: rule.optionalOldSelf ?? null,
    };
    if (each.error !== undefined && !before.has(rule.rule))
      yield invalidValue(`${at}.rule`, shown, each.error);
    if (each.messageError !== undefined && !before.has(rule.rule))
      yield invalidValue(`${at}.messageExpression`, shown, each.messageError);
    if (each.usesOldSelf && uncorrelated !== undefined)
      yield invalidValue(
        `${at}.rule`,
        rule.rule,
        `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`,
      );
    else if (!each.usesOldSelf && rule.optionalOldSelf !== undefined)
      yield invalidValue(
        `${at}.optionalOldSelf`,
        rule.optionalOldSelf,
        "may not be set if oldSelf is not used in rule",
      );
  }
}
