import { formatFieldPath } from "@seaworthy/kube";
import { fieldProblems } from "../field-problems.ts";
import { findHome } from "../find-home.ts";
import { manifestRule } from "../manifest-rule.ts";

/** A field without which the API server refuses the object. */
export const missingField = manifestRule(
  {
    id: "missing-field",
    severity: "error",
    title: "a required field is missing",
    why: "The API server refuses the object without it.",
    mend: "Add the field.",
    sources: ["https://kubernetes.io/docs/reference/kubernetes-api/"],
    profile: "default",
    peers: { "kube-linter": ["schema-validation"] },
  },
  function* (manifest) {
    const problems = fieldProblems(manifest);
    // One that stands at the wrong level is told of there.
    const homes = problems
      .filter(({ kind }) => kind === "unknown-field")
      .map(({ path }) => formatFieldPath(findHome(manifest.object, path) ?? []));
    for (const { kind, path, field } of problems) {
      if (kind !== "missing-field" || homes.includes(field)) continue;
      yield {
        path,
        message: `${manifest.object.kind} has no ${field}, which is required`,
        label: `${path.at(-1)} is missing here`,
        next: [`add ${field}`],
      };
    }
  },
);
