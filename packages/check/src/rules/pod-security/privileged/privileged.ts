import { podRule } from "../../../make-rule.ts";
import { offerToRemove } from "../../../fixes.ts";
import { securityContextsOf } from "../../../objects/containers/security-contexts.ts";
import { standardsSources } from "../standards-sources.ts";

/** A container that the node is not protected from. */
export const privileged = podRule(
  {
    id: "privileged",
    severity: "warning",
    title: "a container is privileged",
    why: `A privileged container has every capability and every device of its node, and no seccomp, AppArmor or SELinux
profile holds it back. Whoever takes over its process has the node, and with it the Secrets of every pod there.`,
    mend: `Remove \`privileged\`, and give the container what it needs of it: a capability, a device by a device plugin,
a sysctl of the pod. An agent that has to be master of its node belongs into a namespace of its own, with an ignore that
says so.`,
    sources: standardsSources("privileged"),
    profile: "default",
    podSecurity: "baseline",
    peers: {
      "kube-score": ["container-security-context-privileged"],
      "kube-linter": ["privileged-container", "scc-deny-privileged-container"],
      polaris: ["runAsPrivileged"],
    },
  },
  function* look(pod) {
    for (const { context, path, holder } of securityContextsOf(pod)) {
      if (context.privileged !== true) continue;
      const field = [...path, "privileged"];
      yield {
        path: field,
        message: `${holder} is privileged: whoever takes it over has the whole node`,
        label: "all that root on the node can do",
        next: ["remove it, and add the one capability that is needed, if there is one"],
        fix: offerToRemove(pod, field),
      };
    }
  },
);
