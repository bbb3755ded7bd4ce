import { podRule } from "../../../make-rule.ts";

/** A pod that runs as everybody. */
export const defaultServiceAccount = podRule(
  {
    id: "default-service-account",
    severity: "advice",
    title: "a pod runs as the ServiceAccount default",
    why: `All pods that name no ServiceAccount share \`default\`: a right that one of them is given, all of them have. It is no fault as long as
nobody binds a role to it, so that this rule is in no profile.`,
    mend: "Give each workload a ServiceAccount of its own.",
    sources: ["https://kubernetes.io/docs/concepts/security/service-accounts/"],
    peers: { "kube-linter": ["default-service-account"] },
  },
  function* ({ spec, manifest: { object } }) {
    const name = spec.serviceAccountName ?? spec.serviceAccount ?? "default";
    if (name !== "default") return;
    yield {
      path: ["spec", "serviceAccountName"],
      message: `the pods of ${object.kind} ${object.metadata.name} run as the ServiceAccount default`,
      label: "shared by all",
      next: [`serviceAccountName: ${object.metadata.name}, and a ServiceAccount of that name`],
    };
  },
);
