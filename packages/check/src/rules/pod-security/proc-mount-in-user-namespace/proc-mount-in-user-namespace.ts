import { podRule } from "../../../make-rule.ts";
import { offerToRemove } from "../../../fixes.ts";
import { securityContextsOf } from "../../../objects/containers/security-contexts.ts";
import { standardsSources } from "../standards-sources.ts";

/** A container in a user namespace that sees all of /proc. */
export const procMountInUserNamespace = podRule(
  {
    id: "proc-mount-in-user-namespace",
    severity: "advice",
    title: "a container in a user namespace sees all of /proc",
    why: `In a user namespace, root in the container is nobody on the node, and most of \`/proc\` is closed to it all the
same. What is left open is more than a server needs, and the level \`restricted\` refuses it.`,
    mend: `Remove \`procMount\`, or ignore the rule where containers are built inside of the container.`,
    sources: standardsSources("procMount_restricted"),
    profile: "strict",
    podSecurity: "restricted",
    peers: { "kube-linter": ["unsafe-proc-mount"], polaris: ["procMount"] },
  },
  function* look(pod) {
    if (pod.spec.hostUsers !== false) return;
    for (const { context, path, holder } of securityContextsOf(pod)) {
      if (!context.procMount || context.procMount === "Default") continue;
      const field = [...path, "procMount"];
      yield {
        path: field,
        message: `${holder} sees all of /proc; its user namespace hides the most of it, and not all`,
        label: "the level restricted refuses it",
        next: ["remove procMount"],
        fix: offerToRemove(pod, field),
      };
    }
  },
);
