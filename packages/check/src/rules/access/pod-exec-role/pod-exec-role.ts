import { formatObjectName } from "@seaworthy/kube";
import { grantedResource, grantsOf } from "../grants.ts";
import type { Rule } from "../../../rule.ts";

/** A role that goes into containers. */
export const podExecRole: Rule = {
  id: "pod-exec-role",
  severity: "warning",
  title: "a role runs commands in other containers",
  why: `\`pods/exec\` and \`pods/attach\` let their holder run anything in each container that it can reach: with its Secrets, its
token and its network. The audit log shows that it happened, and not what was done.`,
  mend: `Remove it from roles of programs. For people, give it for the time that they need it.`,
  sources: ["https://kubernetes.io/docs/concepts/security/rbac-good-practices/"],
  profile: "strict",
  peers: {
    polaris: [
      "clusterrolePodExecAttach",
      "rolePodExecAttach",
      "clusterrolebindingPodExecAttach",
      "rolebindingClusterRolePodExecAttach",
      "rolebindingRolePodExecAttach",
    ],
  },
  *check(set) {
    for (const grant of grantsOf(set)) {
      const { manifest, path } = grant;
      for (const resource of ["pods/exec", "pods/attach"]) {
        const index = grantedResource(grant, "", resource, ["create", "get"]);
        if (index === undefined) continue;
        yield {
          manifest,
          path: [...path, "resources", index],
          message: `${formatObjectName(manifest.object)} runs commands in every container that it can reach`,
          label: "into every container",
          next: [`remove ${resource}`],
        };
      }
    }
  },
};
