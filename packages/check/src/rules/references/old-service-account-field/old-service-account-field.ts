import { podRule } from "../../../make-rule.ts";

/** The old name of a field. */
export const oldServiceAccountField = podRule(
  {
    id: "old-service-account-field",
    severity: "advice",
    title: "the deprecated field serviceAccount",
    why: `\`serviceAccount\` is the old name of \`serviceAccountName\`. Tools that look at who a pod runs as look at the new one, and a patch
that sets it leaves the two in contradiction.`,
    mend: "Rename the field to `serviceAccountName`.",
    sources: ["https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec"],
    profile: "default",
    peers: { "kube-linter": ["deprecated-service-account-field"] },
  },
  function* ({ spec, path, manifest }) {
    if (spec.serviceAccount === undefined || spec.serviceAccountName !== undefined) return;
    const field = [...path, "spec", "serviceAccount"];
    yield {
      path: ["spec", "serviceAccount"],
      atKey: true,
      message: "serviceAccount is the old name of serviceAccountName",
      label: "deprecated",
      next: [`serviceAccountName: ${spec.serviceAccount}`],
      fix: { isSafe: true, edits: [{ manifest, path: field, op: "rename", key: "serviceAccountName" }] },
    };
  },
);
