import type { CustomResourceDefinition } from "../../../custom-kinds/custom-resource-definition.ts";
import { someSchema } from "../../../custom-kinds/json-schema-props.ts";
import { isKnownFormat } from "../../../custom-kinds/schema-formats.ts";
import type { KubeObject } from "../../../object.ts";

/** Formats that the API server does not know, and so does not heed; of a change those that were not there before. */
export function* definitionWarnings(object: KubeObject, old: KubeObject | undefined): Generator<string> {
  const before = new Set(old === undefined ? [] : unknownFormats(old as CustomResourceDefinition));
  for (const format of unknownFormats(object as CustomResourceDefinition))
    if (!before.has(format)) yield `unrecognized format ${JSON.stringify(format)}`;
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
