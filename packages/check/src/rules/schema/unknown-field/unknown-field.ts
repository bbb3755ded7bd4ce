import type { Fix } from "../../../rule.ts";
import type { FieldProblem, Manifest } from "@seaworthy/kube";
import { fieldProblems } from "../field-problems.ts";
import { findHome } from "../find-home.ts";
import { manifestRule } from "../manifest-rule.ts";

/** A field that Kubernetes does not know, and that belongs nowhere near either. */
export const unknownField = manifestRule(
  {
    id: "unknown-field",
    severity: "error",
    title: "a field that Kubernetes does not know",
    why: `A newer \`kubectl\` refuses an object with an unknown field. Everything else, a client of the API, an older \`kubectl\`, a
GitOps controller or \`--validate=false\`, has it dropped in silence: what was meant to be set is not set, and nothing says so.`,
    mend: "Correct the field's name, or remove it.",
    sources: [
      "https://github.com/kubernetes/kubernetes/issues/17165",
      "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation",
    ],
    profile: "default",
    peers: { "kube-linter": ["schema-validation"] },
  },
  function* (manifest) {
    for (const problem of fieldProblems(manifest)) {
      if (problem.kind !== "unknown-field") continue;
      const { path, suggestion } = problem;
      if (suggestion === undefined || !isSlip(String(path.at(-1)), suggestion))
        if (findHome(manifest.object, path) !== undefined) continue;
      const fix = fixOf(manifest, problem);
      yield {
        path,
        atKey: true,
        message: `${problem.field} is not a field of ${manifest.object.kind}`,
        label: suggestion === undefined ? "unknown field" : `did you mean ${suggestion}?`,
        next: [suggestion === undefined ? "remove it" : `rename it to ${suggestion}`],
        ...(fix === undefined ? {} : { fix }),
      };
    }
  },
);

/** Whether two names are the same but for capitals and hyphens, so that nobody can have meant anything else. */
export function isSlip(name: string, meant: string): boolean {
  const plain = (text: string) => text.replaceAll(/[-_]/g, "").toLowerCase();
  return plain(name) === plain(meant);
}

function fixOf(manifest: Manifest, { path, suggestion }: FieldProblem): Fix | undefined {
  if (suggestion === undefined) return undefined;
  return {
    isSafe: isSlip(String(path.at(-1)), suggestion),
    edits: [{ manifest, path, op: "rename", key: suggestion }],
  };
}
