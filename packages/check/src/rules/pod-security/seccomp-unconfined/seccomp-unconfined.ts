import { podRule } from "../../../make-rule.ts";
import { offerToSet } from "../../../fixes.ts";
import { securityContextsOf } from "../../../objects/containers/security-contexts.ts";
import { standardsSources } from "../standards-sources.ts";

/** A pod or a container without a seccomp profile because it asks for none. */
export const seccompUnconfined = podRule(
  {
    id: "seccomp-unconfined",
    severity: "warning",
    title: "a container turns its seccomp profile off",
    why: `\`Unconfined\` allows every system call of the kernel, also where the node would choose a profile by itself. Most
ways out of containers that were found went through a system call that the runtime's own profile forbids.`,
    mend: `\`seccompProfile: {type: RuntimeDefault}\`, or \`Localhost\` with a profile of your own that lies on the nodes.`,
    sources: standardsSources("seccompProfile_baseline"),
    profile: "default",
    podSecurity: "baseline",
    peers: { "kube-score": ["container-seccomp-profile"], polaris: ["linuxHardening"] },
  },
  function* look(pod) {
    for (const { context, path, holder } of securityContextsOf(pod)) {
      const type = context.seccompProfile?.type;
      if (!context.seccompProfile || type === "RuntimeDefault" || type === "Localhost") continue;
      const field = [...path, "seccompProfile", "type"];
      yield {
        path: field,
        message: `${holder} turns its seccomp profile off, and may make every system call`,
        label: "no profile at all",
        next: ["type: RuntimeDefault"],
        fix: offerToSet(pod, field, "RuntimeDefault"),
      };
    }
  },
);
