import type { WrittenField } from "@seaworthy/kube";
import type { StrictBody } from "../http/parse-body.ts";
import type { Resource } from "../resource.ts";
import type { FieldValidation } from "./decode-object.ts";

/**
 * Says what is wrong with the fields of a body in a strict reading: those that its type does not know, and those that stand twice.
 * It is asked with the paths of the former. In a refusal and in warnings they are told differently. https://github.com/kubernetes-sigs/json
 */
export type StrictFindings = (unknown: readonly string[], validation: FieldValidation) => readonly string[];

/** The findings in a body without repeated fields. */
export const unknownOnly: StrictFindings = (unknown) => unknown.map(unknownField);

/** The findings in an object that was sent. Kubernetes reads its own kinds and looks at their fields at once, and custom ones first. */
export function findingsInObject({ type }: Resource, { fields, repeatedKeys }: StrictBody): StrictFindings {
  if (repeatedKeys.length > 0) return inYaml(repeatedKeys);
  if (fields.length === 0) return unknownOnly;
  return type.prune === undefined ? inOrder(fields) : findingsInPatch(fields, "");
}

/** The findings in an object that a patch has made: what the patch repeats, and what the object has from it, by its names. */
export function findingsInPatch(fields: readonly WrittenField[], prefix: string): StrictFindings {
  const repeated = fields
    .filter(({ isRepeated }) => isRepeated)
    .map(({ path }) => prefix + repeatedField(path));
  return (unknown) => atMost([...repeated, ...unknown.toSorted().map(unknownField)]);
}

/** YAML is turned into JSON first, and all that is wrong with it is one finding. */
function inYaml(repeatedKeys: readonly string[]): StrictFindings {
  return (unknown, validation) => {
    const lines = repeatedKeys.map((key) => `\n  ${key}`).join("");
    const keys = validation === "Strict" ? [`yaml: unmarshal errors:${lines}`] : repeatedKeys;
    return [...keys, ...unknownOnly(unknown, validation)];
  };
}

/** In the order of the text. Nobody looks into a field that is not known. */
function inOrder(fields: readonly WrittenField[]): StrictFindings {
  return (unknown) => {
    const isBelow = (path: string) =>
      unknown.some((field) => path.startsWith(`${field}.`) || path.startsWith(`${field}[`));
    const texts = fields.flatMap(({ path, isRepeated }) => {
      if (unknown.includes(path)) return [unknownField(path)];
      return isRepeated && !isBelow(path) ? [repeatedField(path)] : [];
    });
    return atMost([...texts, ...unknown.map(unknownField)]);
  };
}

function atMost(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].slice(0, 100);
}

function unknownField(path: string): string {
  return `unknown field "${path}"`;
}

function repeatedField(path: string): string {
  return `duplicate field "${path}"`;
}
