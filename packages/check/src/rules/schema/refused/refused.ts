import { parseFieldPath, type FieldError, type FieldPath, type Manifest } from "@seaworthy/kube";
import { manifestRule } from "../manifest-rule.ts";
import { serverAnswer } from "../server-answer.ts";

/** What the validation of an API server says to a new object. */
export const refused = manifestRule(
  {
    id: "refused",
    severity: "error",
    title: "the API server refuses a value",
    why: `Values can have the right type and be refused all the same: names and labels with the wrong characters, ports that do not
exist, requests above their limits, fields that exclude each other. A schema does not say so; the API server does, when the release
has begun. The words of the finding are those of Kubernetes.`,
    mend: "Change the value as the message says.",
    sources: ["https://github.com/kubernetes/kubernetes/tree/master/pkg/apis"],
    profile: "default",
    peers: {
      "kube-score": ["label-values", "container-ports-check"],
      "kube-linter": ["invalid-target-ports"],
    },
  },
  function* (manifest) {
    for (const { field, message } of refusals(manifest)) {
      // The examples and patterns that follow are longer than all the rest.
      const said = message.replace(/ \(e\.g\. .*\)$/s, "");
      yield {
        path: exactPath(manifest.object, parseFieldPath(field), message),
        message: `${field}: ${said}`,
        label: shortOf(said),
        next: [said.startsWith("Required value") ? `add ${field}` : "change the value as the message says"],
      };
    }
  },
);

function refusals(manifest: Manifest): FieldError[] {
  const seen = new Set<string>();
  return serverAnswer(manifest).errors.filter(({ field, message }) => {
    const said = `${field} ${message}`;
    return !seen.has(said) && seen.add(said) && !hasOwnRule.test(said);
  });
}

/** What other rules say better, because they know the rest of the object. */
const hasOwnRule =
  /`selector` does not match template `labels`|volumeMounts\[\d+\]\.name Not found|restartPolicy (?:Required|Unsupported) value: .*"OnFailure", "Never"/;

/** In a map of labels, Kubernetes names the map and shows the value. */
function exactPath(object: unknown, path: FieldPath, message: string): FieldPath {
  const [, shown] = /^Invalid value: "((?:[^"\\]|\\.)*)":/.exec(message) ?? [];
  const map = path.reduce<unknown>(
    (parent, step) => (parent as Record<string | number, unknown> | null | undefined)?.[step],
    object,
  );
  if (shown === undefined || typeof map !== "object" || map === null || Array.isArray(map)) return path;
  const entry = Object.entries(map).find(([key, value]) => key === shown || value === shown);
  return entry === undefined ? path : [...path, entry[0]];
}

/** `must be no more than 63 characters` of `Invalid value: "…": must be no more than 63 characters`. */
function shortOf(message: string): string {
  const [title = "", ...rest] = message.split(": ");
  const said = rest.at(-1) ?? title;
  return said.length > 60 || title === "Unsupported value" ? title.toLowerCase() : said;
}
