import { formatObjectName } from "@seaworthy/kube";
import { grantedResource, grantsOf } from "../grants.ts";
import type { Rule } from "../../../rule.ts";

/** A role that creates pods. */
export const podCreatingRole: Rule = {
  id: "pod-creating-role",
  severity: "advice",
  title: "a role creates pods",
  why: `A pod can be run with any ServiceAccount of its namespace, and mount any Secret there: who creates pods has both. Without
Pod Security Standards for the namespace, it can be privileged, and then the node is theirs as well.`,
  mend: `Create Deployments or Jobs through a controller that checks them, and enforce \`baseline\` in the namespace:
\`pod-security.kubernetes.io/enforce: baseline\`.`,
  sources: ["https://kubernetes.io/docs/concepts/security/rbac-good-practices/"],
  profile: "strict",
  peers: { "kube-linter": ["access-to-create-pods"] },
  *check(set) {
    for (const grant of grantsOf(set)) {
      const { manifest, path } = grant;
      const index = grantedResource(grant, "", "pods", ["create"]);
      if (index === undefined) continue;
      yield {
        manifest,
        path: [...path, "resources", index],
        message: `${formatObjectName(manifest.object)} creates pods: with any ServiceAccount and Secret of their namespace`,
        label: "as any ServiceAccount",
        next: ["pod-security.kubernetes.io/enforce in the namespace, or remove create"],
      };
    }
  },
};
