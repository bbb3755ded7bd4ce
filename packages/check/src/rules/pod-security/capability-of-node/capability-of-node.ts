import { podRule } from "../../../make-rule.ts";
import { offerToRemove } from "../../../fixes.ts";
import { securityContextsOf } from "../../../objects/containers/security-contexts.ts";
import { nodeCapabilities } from "../capability-levels.ts";
import { standardsSources } from "../standards-sources.ts";

/** A capability with which a container is master of its node. */
export const capabilityOfNode = podRule(
  {
    id: "capability-of-node",
    severity: "warning",
    title: "a capability makes a container master of its node",
    why: `With SYS_ADMIN, SYS_MODULE and their like, a process that runs as root in its container can mount the node's
disks, load code into its kernel or look into its processes. That is \`privileged\` by another name.`,
    mend: `Remove the capability. Nearly always a smaller one does: NET_BIND_SERVICE for a port below 1024, PERFMON for
measurements, NET_ADMIN for routes of the pod's own network.`,
    sources: [
      ...standardsSources("capabilities_baseline"),
      "https://man7.org/linux/man-pages/man7/capabilities.7.html",
    ],
    profile: "default",
    podSecurity: "baseline",
    peers: { polaris: ["dangerousCapabilities"] },
  },
  function* look(pod) {
    for (const { context, path, holder } of securityContextsOf(pod)) {
      for (const [index, capability] of (context.capabilities?.add ?? []).entries()) {
        if (!nodeCapabilities.has(capability)) continue;
        const field = [...path, "capabilities", "add", index];
        yield {
          path: field,
          message: `${holder} has the capability ${capability}, with which it can take over its node`,
          label: "as good as privileged",
          next: [`remove ${capability} from capabilities.add`],
          fix: offerToRemove(pod, field),
        };
      }
    }
  },
);
