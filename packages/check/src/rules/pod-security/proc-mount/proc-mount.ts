import { podRule } from "../../../make-rule.ts";
import { offerToRemove } from "../../../fixes.ts";
import { securityContextsOf } from "../../../objects/containers/security-contexts.ts";
import { standardsSources } from "../standards-sources.ts";

/** A container that sees all of /proc, as the node has it. */
export const procMount = podRule(
  {
    id: "proc-mount",
    severity: "warning",
    title: "a container sees all of /proc",
    why: `Container runtimes hide what in \`/proc\` is the node's: the kernel's keys, its memory, its interrupts; and they
make settings there read-only. \`procMount: Unmasked\` shows all of it to the container.`,
    mend: `Remove \`procMount\`. Who builds containers inside of a container needs it, together with \`hostUsers: false\`;
the API server refuses it without.`,
    sources: standardsSources("procMount_baseline"),
    profile: "default",
    podSecurity: "baseline",
    peers: { "kube-linter": ["unsafe-proc-mount"], polaris: ["procMount"] },
  },
  function* look(pod) {
    // In a user namespace, root in the container is nobody on the node: the level baseline allows it there.
    if (pod.spec.hostUsers === false) return;
    for (const { context, path, holder } of securityContextsOf(pod)) {
      if (!context.procMount || context.procMount === "Default") continue;
      const field = [...path, "procMount"];
      yield {
        path: field,
        message: `${holder} sees all of /proc, where the runtime would hide what belongs to the node`,
        label: "nothing of /proc is hidden",
        next: ["remove procMount"],
        fix: offerToRemove(pod, field),
      };
    }
  },
);
