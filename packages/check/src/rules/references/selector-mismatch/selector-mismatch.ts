import { formatLabelSelector, matchesLabelSelector, type LabelSelector } from "@seaworthy/kube";
import { podRule } from "../../../make-rule.ts";

/** A workload that does not select its own pods. */
export const selectorMismatch = podRule(
  {
    id: "selector-mismatch",
    severity: "error",
    title: "a workload's selector does not match its own pods",
    why: `The API server refuses the workload: \`selector does not match template labels\`. And because the selector of a workload can never be
changed, whoever mends it by the selector must delete the workload first.`,
    mend: "Give the pod template the labels of the selector.",
    sources: [
      "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector",
      "https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/apps/validation/validation.go",
    ],
    profile: "default",
    peers: {
      "kube-score": [
        "deployment-pod-selector-labels-match-template-metadata-labels",
        "statefulset-pod-selector-labels-match-template-metadata-labels",
      ],
      "kube-linter": ["mismatching-selector"],
    },
  },
  function* ({ manifest, labels, path }) {
    const { selector } = (manifest.object["spec"] ?? {}) as { readonly selector?: LabelSelector };
    // Of a Job the selector is made up, and a ReplicationController's is a map.
    const hasSelector = selector?.matchLabels !== undefined || selector?.matchExpressions !== undefined;
    if (path.length === 0 || !hasSelector || manifest.object.metadata.uid !== undefined) return;
    if (matchesLabelSelector(selector, labels)) return;
    const [key, value] =
      Object.entries(selector.matchLabels ?? {}).find(([label, wanted]) => labels[label] !== wanted) ?? [];
    const at = key === undefined ? [] : [key];
    const { file, line } = manifest.locate(["spec", "selector", "matchLabels", ...at]);
    const has = key === undefined ? undefined : labels[key];
    yield {
      path: ["metadata", "labels", ...(has === undefined ? [] : at)],
      message: `${manifest.object.kind} ${manifest.object.metadata.name} does not select its own pods`,
      label:
        key === undefined || has !== undefined
          ? "not what the selector asks for"
          : `the label ${key} is missing`,
      seen: [`${file}:${line} the selector asks for ${formatLabelSelector(selector)}`],
      next: [key === undefined ? "give the pods the labels of the selector" : `${key}: ${value}`],
      ...(key === undefined
        ? {}
        : {
            fix: {
              isSafe: false,
              edits: [{ manifest, path: [...path, "metadata", "labels", key], op: "set", value }],
            },
          }),
    };
  },
);
