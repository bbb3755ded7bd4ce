import { containerRule } from "../../../make-rule.ts";
import { findSecretValue } from "../find-secret-value.ts";
import { mayBeSecret, namesSecret } from "../secret-names.ts";

/** A variable that is called a password and stands in the pod's description. */
export const secretInEnv = containerRule(
  {
    id: "secret-in-env",
    severity: "warning",
    title: "a password stands in plain text in a pod's variables",
    why: `Everybody who may look at Deployments or pods can read it, it is in the repository and its history, and in each
revision that the cluster keeps. To change it takes a rollout.`,
    mend: `Put it into a Secret that is not kept in the repository, and refer to it: \`valueFrom: {secretKeyRef: …}\`, or
mount it as a file. Then change it, for it has been read.`,
    sources: [
      "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
      "https://kubernetes.io/docs/tasks/inject-data-application/distribute-credentials-secure/",
    ],
    profile: "default",
    peers: { "kube-linter": ["env-var-secret"], polaris: ["sensitiveContainerEnvVar"] },
  },
  function* look({ container }) {
    for (const [index, { name, value }] of (container.env ?? []).entries()) {
      if (!value || !namesSecret(name) || !mayBeSecret(value)) continue;
      // What shows by its value is found by the rule secret-value.
      if (findSecretValue(value, name) !== undefined) continue;
      yield {
        path: ["env", index, "value"],
        message: `${name} of container ${container.name} stands in plain text, where everyone who sees the pod reads it`,
        label: "readable by everyone who sees the pod",
        next: ["valueFrom.secretKeyRef in place of value, and a Secret that is not in the repository"],
      };
    }
  },
);
