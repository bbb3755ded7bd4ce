import { formatFieldPath, valueAtField, type FieldPath } from "@seaworthy/kube";
import { fieldProblems } from "../field-problems.ts";
import { findHome } from "../find-home.ts";
import { manifestRule } from "../manifest-rule.ts";
import { isSlip } from "../unknown-field/unknown-field.ts";

/** A field that Kubernetes knows one level higher or lower. */
export const misplacedField = manifestRule(
  {
    id: "misplaced-field",
    severity: "error",
    title: "a field stands at the wrong level",
    why: `One step of indentation makes a known field an unknown one. It is refused by a newer \`kubectl\`, and dropped in silence by
everything else: probes then run with their defaults, limits do not limit, and the file looks right to everybody who reads it.`,
    mend: "Move the field to where it belongs, with all that stands below it.",
    sources: [
      "https://github.com/kubernetes/kubernetes/issues/17165",
      "https://github.com/willthames/kubernetes-validate/issues/31",
    ],
    profile: "default",
    peers: { "kube-linter": ["schema-validation"] },
  },
  function* (manifest) {
    const { object } = manifest;
    for (const { kind, path, suggestion } of fieldProblems(manifest)) {
      if (kind !== "unknown-field") continue;
      const key = String(path.at(-1));
      if (suggestion !== undefined && isSlip(key, suggestion)) continue;
      const home = findHome(object, path);
      if (home === undefined) continue;
      const isTaken = valueAtField(object, home) !== undefined && valueAtField(object, home) !== null;
      yield {
        path,
        atKey: true,
        message: `${key} belongs ${whereTo(home, path)}, and does nothing here`,
        label: `unknown ${path.length === 1 ? "at the top" : `in ${nameOf(path.slice(0, -1))}`}`,
        next: [
          isTaken
            ? `remove it, or let it take the place of ${formatFieldPath(home)}, which is set as well`
            : `move it to ${formatFieldPath(home)}`,
        ],
        ...(isTaken
          ? {}
          : {
              fix: {
                isSafe: false,
                edits: [
                  { manifest, path, op: "remove" },
                  { manifest, path: home, op: "set", value: valueAtField(object, path) },
                ],
              },
            }),
      };
    }
  },
);

function whereTo(home: FieldPath, path: FieldPath): string {
  const parent = home.slice(0, -1);
  const common = parent.every((step, index) => step === path[index]);
  if (parent.length === 0) return "at the top of the object";
  const levels = path.length - 1 - parent.length;
  if (common && levels === 1) return `one level higher, in ${nameOf(parent)}`;
  return common ? `${levels} levels higher, in ${nameOf(parent)}` : `under ${nameOf(parent)}`;
}

/** The last name of a path that says something: `containers[0]`, `httpGet`. */
function nameOf(path: FieldPath): string {
  return formatFieldPath(path.slice(typeof path.at(-1) === "number" ? -2 : -1));
}
