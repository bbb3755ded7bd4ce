import { formatObjectName } from "@seaworthy/kube";
import { grantedResource, grantsOf } from "../grants.ts";
import type { Rule } from "../../../rule.ts";

/** A role that reads Secrets. */
export const secretsRole: Rule = {
  id: "secrets-role",
  severity: "advice",
  title: "a role reads every Secret",
  why: `Who reads Secrets has every password of the namespace, of the cluster with a ClusterRole, and the tokens of all other
accounts that are kept there. \`list\` and \`watch\` show the values as well, not only the names.`,
  mend: `Name the Secrets that are needed in \`resourceNames\`, with \`get\`. Operators that create Secrets need no \`list\` for it.`,
  sources: ["https://kubernetes.io/docs/concepts/security/rbac-good-practices/"],
  profile: "strict",
  peers: { "kube-linter": ["access-to-secrets"] },
  *check(set) {
    for (const grant of grantsOf(set)) {
      const { manifest, rule, path } = grant;
      const index = grantedResource(grant, "", "secrets", ["get", "list", "watch"]);
      if (index === undefined || (rule.resourceNames ?? []).length > 0) continue;
      yield {
        manifest,
        path: [...path, "resources", index],
        message: `${formatObjectName(manifest.object)} reads every Secret that it can reach, with its values`,
        label: "every password",
        next: ["resourceNames: [NAME], and verbs: [get]"],
      };
    }
  },
};
