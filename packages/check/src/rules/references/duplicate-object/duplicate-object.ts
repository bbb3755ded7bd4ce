import { formatObjectName, groupOf, type Manifest } from "@seaworthy/kube";
import { namespaceOf } from "../../../objects/object-set.ts";
import type { Rule } from "../../../rule.ts";

/** An object that is there twice. */
export const duplicateObject: Rule = {
  id: "duplicate-object",
  severity: "error",
  title: "two objects have one name",
  why: `They are one object to the API server: the second that is applied overwrites the first, field by field. Which one that is depends on
the names of files, and the next change of the other brings it back. Two parts of a system that should exist beside each other are one.`,
  mend: "Give one of the two another name, or remove it.",
  sources: ["https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"],
  profile: "default",
  *check({ manifests }) {
    const first = new Map<string, Manifest>();
    for (const manifest of manifests) {
      const { object } = manifest;
      const { name, generateName } = object.metadata;
      if ((name ?? "") === "" && generateName !== undefined) continue;
      const id = [groupOf(object.apiVersion), object.kind, namespaceOf(object), name].join(" ");
      const earlier = first.get(id);
      first.set(id, earlier ?? manifest);
      if (earlier === undefined) continue;
      const { file, line } = earlier.locate(["metadata", "name"]);
      yield {
        manifest,
        path: ["metadata", "name"],
        message: `${formatObjectName(object)} is there twice, and the second overwrites the first`,
        label: "the same object again",
        seen: [`${file}:${line} is the first`],
        next: ["give one of the two another name, or remove it"],
      };
    }
  },
};
