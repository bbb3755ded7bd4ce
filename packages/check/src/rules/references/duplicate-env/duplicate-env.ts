import { containerRule } from "../../../make-rule.ts";

/** A variable that is set twice. */
export const duplicateEnv = containerRule(
  {
    id: "duplicate-env",
    severity: "warning",
    title: "an environment variable is set twice",
    why: `The last one counts, and the first looks as if it did. \`kubectl apply\` merges this list by names, so that a later change of one of
the two may remove the other: the value that a pod has then depends on what was applied before.`,
    mend: "Keep one of the two.",
    sources: [
      "https://github.com/kubernetes/kubernetes/issues/99286",
      "https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/api/pod/warnings.go",
    ],
    profile: "default",
    peers: { "kube-score": ["environment-variable-key-duplication"], "kube-linter": ["duplicate-env-var"] },
  },
  function* ({ container, path }, { manifest }) {
    const first = new Map<string, number>();
    for (const [index, { name, value }] of (container.env ?? []).entries()) {
      const earlier = first.get(name);
      first.set(name, earlier ?? index);
      // It may be made longer by its own value.
      if (earlier === undefined || value?.includes(`$(${name})`) === true) continue;
      const { file, line } = manifest.locate([...path, "env", earlier, "name"]);
      yield {
        path: ["env", index, "name"],
        message: `container ${container.name} sets ${name} twice`,
        label: "hides the first one",
        seen: [`${file}:${line} sets it first`],
        next: ["keep one of the two"],
      };
    }
  },
);
