import { formatObjectName } from "@seaworthy/kube";
import { grantsOf } from "../grants.ts";
import type { Rule } from "../../../rule.ts";

/** A role that grants what does not exist yet. */
export const wildcardRole: Rule = {
  id: "wildcard-role",
  severity: "warning",
  title: "a role grants everything of a kind",
  why: `\`*\` grants what is there and what will be: a new API, a new verb, a new subresource. \`resources: ["*"]\` includes Secrets, and
\`verbs: ["*"]\` includes \`escalate\`, \`bind\` and \`impersonate\`, with which a role makes itself larger.`,
  mend: `Write the resources and verbs out: \`[get, list, watch, create, update, patch, delete]\` is what most programs mean.`,
  sources: ["https://kubernetes.io/docs/concepts/security/rbac-good-practices/"],
  profile: "strict",
  peers: { "kube-linter": ["wildcard-in-rules"] },
  *check(set) {
    for (const { manifest, rule, path } of grantsOf(set)) {
      for (const list of ["apiGroups", "resources", "verbs", "nonResourceURLs"] as const) {
        const index = (rule[list] ?? []).indexOf("*");
        if (index === -1) continue;
        yield {
          manifest,
          path: [...path, list, index],
          message: `${formatObjectName(manifest.object)} grants all ${words[list]}, also those that are yet to come`,
          label: `all ${words[list]}`,
          next: [`write the ${words[list]} out that are needed`],
        };
      }
    }
  },
};

const words = {
  apiGroups: "API groups",
  resources: "resources",
  verbs: "verbs",
  nonResourceURLs: "addresses",
} as const;
