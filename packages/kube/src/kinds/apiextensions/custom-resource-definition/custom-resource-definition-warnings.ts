import { rulesOf } from "../../../custom-kinds/cel/rule-errors.ts";
import type { CustomResourceDefinition } from "../../../custom-kinds/custom-resource-definition.ts";
import { someSchema } from "../../../custom-kinds/json-schema-props.ts";
import { isKnownFormat } from "../../../custom-kinds/schema-formats.ts";
import type { KubeObject } from "../../../object.ts";

/**
 * Formats that the API server does not know, and so does not heed; of a change those that were not there before. Besides
 * what a real API server would do and this one does not.
 */
export function* definitionWarnings(object: KubeObject, old: KubeObject | undefined): Generator<string> {
  yield* gaps(object as CustomResourceDefinition);
  const before = new Set(old === undefined ? [] : unknownFormats(old as CustomResourceDefinition));
  for (const format of unknownFormats(object as CustomResourceDefinition))
    if (!before.has(format)) yield `unrecognized format ${JSON.stringify(format)}`;
}

function* gaps({ spec }: CustomResourceDefinition): Generator<string> {
  const versions = spec.versions ?? [];
  const rules = new Map<string, string>();
  for (const { schema } of versions)
    someSchema(schema?.openAPIV3Schema, (each) => {
      if ((each["x-kubernetes-validations"] ?? []).length > 0)
        for (const { rule, gap } of rulesOf(each, each === schema?.openAPIV3Schema))
          if (gap !== undefined) rules.set(rule.rule, gap);
      return false;
    });
  for (const [rule, gap] of rules)
    yield `this cluster does not check the rule ${JSON.stringify(rule)}: ${gap}`;
}

function unknownFormats({ spec }: CustomResourceDefinition): string[] {
  const formats: string[] = [];
  for (const schema of new Set((spec.versions ?? []).map((version) => version.schema?.openAPIV3Schema)))
    someSchema(schema, (each) => {
      const format = each.format ?? "";
      const { "x-kubernetes-int-or-string": _intOrString, ...plain } = each;
      if (format !== "" && !isKnownFormat(plain)) formats.push(format);
      return false;
    });
  return formats;
}
