import type { WrittenField } from "@seaworthy/kube";
import type { Resource } from "../resource.ts";

/**
 * Says what is wrong with the fields of a body in a strict reading: those that its type does not know, and those that stand twice.
 * It is asked with the paths of the former. https://github.com/kubernetes-sigs/json
 */
export type StrictFindings = (unknown: readonly string[]) => readonly string[];

/** The findings in a body without repeated fields. */
export const unknownOnly: StrictFindings = (unknown) => unknown.map(unknownField);

/** The findings in an object that was sent. Kubernetes reads its own kinds and looks at their fields at once, and custom ones first. */
export function findingsInObject({ type }: Resource, fields: readonly WrittenField[]): StrictFindings {
  if (fields.length === 0) return unknownOnly;
  return type.prune === undefined ? inOrder(fields) : findingsInPatch(fields, "");
}

/** The findings in an object that a patch has made: what the patch repeats, and what the object has from it, by its names. */
export function findingsInPatch(fields: readonly WrittenField[], prefix: string): StrictFindings {
  const repeated = fields
    .filter(({ isRepeated }) => isRepeated)
    .map(({ path }) => prefix + repeatedField(path));
  return (unknown) => atMost([...repeated, ...unknownOnly(unknown.toSorted())]);
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
    return atMost([...texts, ...unknownOnly(unknown)]);
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
