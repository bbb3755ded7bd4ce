import { formatObjectName } from "@seaworthy/kube";
import { grantsOf } from "../grants.ts";
import type { Rule } from "../../../rule.ts";

/** A role that can give itself any other. */
export const escalatingRole: Rule = {
  id: "escalating-role",
  severity: "warning",
  title: "a role can make itself larger",
  why: `The API server lets nobody grant what they do not have themselves, except with the verbs \`escalate\` and \`bind\`; and who may
\`impersonate\` acts as somebody else. Each of them is as good as all permissions of the cluster or namespace.`,
  mend: `Remove the verb, or name in \`resourceNames\` which roles may be bound and who may be impersonated.`,
  sources: [
    "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping",
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
  ],
  profile: "strict",
  *check(set) {
    for (const { manifest, rule, path } of grantsOf(set)) {
      if ((rule.resourceNames ?? []).length > 0) continue;
      for (const [index, verb] of (rule.verbs ?? []).entries()) {
        if (!["escalate", "bind", "impersonate"].includes(verb)) continue;
        yield {
          manifest,
          path: [...path, "verbs", index],
          message: `${formatObjectName(manifest.object)} may ${verb}, and so get every permission that there is`,
          label: "every permission",
          next: [`remove ${verb}, or name in resourceNames whom it is for`],
        };
      }
    }
  },
};
