import { containerRule } from "../../../make-rule.ts";

/** A Secret that reaches a container as a variable. */
export const secretFromEnv = containerRule(
  {
    id: "secret-from-env",
    severity: "advice",
    title: "a Secret is given to a container as a variable",
    why: `Variables are passed on to every child process, are printed by crash reports and by many programs at their start,
and do not change when the Secret does. The CIS benchmark (5.4.1) prefers files. No profile of Seaworthy asks for it, since
most images take their passwords from variables only.`,
    mend: `Mount the Secret as a volume and let the program read the file; many images take \`…_FILE\`.`,
    sources: [
      "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
      "https://www.cisecurity.org/benchmark/kubernetes",
    ],
    peers: { "kube-linter": ["read-secret-from-env-var"] },
  },
  function* look({ container }) {
    for (const [index, { name, valueFrom }] of (container.env ?? []).entries()) {
      if (!valueFrom?.secretKeyRef) continue;
      yield {
        path: ["env", index, "valueFrom", "secretKeyRef"],
        message: `${name} of container ${container.name} is a Secret, and every child process and crash report gets it`,
        label: "a variable, not a file",
        next: [
          `a volume of Secret ${valueFrom.secretKeyRef.name ?? "…"}, and ${name}_FILE if the image takes that`,
        ],
      };
    }
  },
);
