import type { FieldProblem, Manifest } from "@seaworthy/kube";
import { fieldProblems } from "../field-problems.ts";
import { manifestRule } from "../manifest-rule.ts";

/** A value that Go cannot read into its field. */
export const wrongType = manifestRule(
  {
    id: "wrong-type",
    severity: "error",
    title: "a field has a value of the wrong type",
    why: `The API server cannot read the object and refuses it as a whole. In YAML \`8080\`, \`true\`, \`yes\`, \`on\` and \`1.10\` are
not strings, and \`"8080"\` is not a number: environment variables and annotations need quotes, ports and replicas must not have them.`,
    mend: "Write the value as the type that the field has: in quotes, without them, as a list, or as a map.",
    sources: ["https://kubernetes.io/docs/reference/kubernetes-api/", "https://yaml.org/type/bool.html"],
    profile: "default",
    peers: { "kube-linter": ["schema-validation"], "kube-score": ["label-values"] },
  },
  function* (manifest) {
    for (const problem of fieldProblems(manifest)) {
      if (problem.kind !== "wrong-type") continue;
      const { path, field, message } = problem;
      const value = meantValue(manifest, problem);
      yield {
        path,
        message: `${field} ${message}`,
        label: message.replace(/, and is .*/s, ""),
        next: [value === undefined ? "give it a value that fits" : `write ${JSON.stringify(value)}`],
        ...(value === undefined
          ? {}
          : { fix: { isSafe: true, edits: [{ manifest, path, op: "set", value }] } }),
      };
    }
  },
);

/** What is certainly meant, where only the quotes are wrong: a string for `8080`, a number for `"8080"`. */
function meantValue(
  manifest: Manifest,
  { path, message }: FieldProblem,
): string | number | boolean | undefined {
  const { sourceLine = "", column, length = 1 } = manifest.locate(path);
  const written = sourceLine.slice(column - 1, column - 1 + length);
  if (/^must be a string, and is the (?:number|boolean) /.test(message))
    return /^[\w.+-]+$/.test(written) ? written : undefined;
  const [, bare] = /^["'](-?\d{1,15}|true|false)["']$/.exec(written) ?? [];
  if (bare === undefined) return undefined;
  if (/^must be (?:a whole number|a number)/.test(message)) return /\d/.test(bare) ? Number(bare) : undefined;
  return message.startsWith("must be true or false") && !/\d/.test(bare) ? bare === "true" : undefined;
}
