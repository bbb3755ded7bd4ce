import { parseFieldPath } from "@seaworthy/kube";
import { manifestRule } from "../manifest-rule.ts";
import { serverAnswer } from "../server-answer.ts";

/** What an API server takes with a warning. */
export const warnedOf = manifestRule(
  {
    id: "warned-of",
    severity: "warning",
    title: "the API server takes it with a warning",
    why: `An API server warns of what it takes and what will not do what its author thinks: annotations and labels that are not looked
at any more, fields that are ignored, selectors that match nothing. The warning goes to the client that sent the object, which is a
pipeline, where nobody reads it. The words of the finding are those of Kubernetes.`,
    mend: "Change the field as the message says.",
    sources: [
      "https://kubernetes.io/blog/2020/09/03/warnings/",
      "https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/api/pod/warnings.go",
    ],
    profile: "default",
  },
  function* (manifest) {
    for (const warning of serverAnswer(manifest).warnings) {
      if (hasOwnRule.test(warning)) continue;
      const { path, text } = placed(warning);
      yield { path, message: warning, label: labelOf(text), next: [nextOf(text)] };
    }
  },
);

/** What other rules say better. */
const hasOwnRule =
  /hides previous definition of|port definition with|duplicate port name|fractional byte value|topologySpreadConstraints\[\d+\]\.labelSelector/;

/** Most warnings begin with the field; some name it inside the sentence. */
function placed(warning: string): { readonly path: readonly (string | number)[]; readonly text: string } {
  const [, field, text] = /^([a-z]\w*(?:\.[\w-]+|\[[^\]]*\])+): (.*)$/s.exec(warning) ?? [];
  if (field !== undefined && text !== undefined) return { path: parseFieldPath(field), text };
  const annotation = /^annotation "?([\w./-]+)"?/.exec(warning)?.[1];
  if (annotation !== undefined) return { path: ["metadata", "annotations", annotation], text: warning };
  if (warning.startsWith("tls: "))
    return { path: ["data", warning.includes("certificate") ? "tls.crt" : "tls.key"], text: warning };
  const inside = /(spec(?:\.\w+|\[\d+\])+)/.exec(warning)?.[1];
  const path = parseFieldPath(inside ?? "");
  // One of them writes spec.SessionAffinity.
  return {
    path: path.map((step) => String(step).replace(/^[A-Z]/, (letter) => letter.toLowerCase())),
    text: warning,
  };
}

function labelOf(text: string): string {
  const short = labels.find(([said]) => said.test(text));
  if (short !== undefined) return short[1];
  return text.length > 50 ? text.slice(0, 50).replace(/[\s,;:]+\S*$/, " …") : text;
}

const labels: readonly (readonly [said: RegExp, label: string])[] = [
  [/is ignored/, "ignored"],
  [/non-functional/, "has no effect"],
  [/matching no pod/, "matches no pod"],
  [/deprecated/, "deprecated"],
];

function nextOf(text: string): string {
  const instead = /(?:please )?use (.+)$/.exec(text)?.[1];
  return instead === undefined ? "remove it, or change it as the message says" : `use ${instead}`;
}
