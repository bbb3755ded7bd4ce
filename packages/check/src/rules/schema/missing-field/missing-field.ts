import { fieldProblems } from "../field-problems.ts";
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
    for (const { kind, path, field } of fieldProblems(manifest)) {
      if (kind !== "missing-field") continue;
      yield {
        path,
        message: `${manifest.object.kind} has no ${field}, which is required`,
        label: `${path.at(-1)} is missing here`,
        next: [`add ${field}`],
      };
    }
  },
);
