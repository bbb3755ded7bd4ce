import { podRule } from "../../../make-rule.ts";
import { offerToRemove } from "../../../fixes.ts";
import { securityContextsOf } from "../../../objects/containers/security-contexts.ts";
import { standardsSources } from "../standards-sources.ts";

/** A pod or a container that chooses another SELinux label than one of containers. */
export const selinuxOptions = podRule(
  {
    id: "selinux-options",
    severity: "warning",
    title: "a container chooses an SELinux label that is not for containers",
    why: `On nodes with SELinux, the type \`container_t\` keeps a container from the files of the node and of other
containers. \`spc_t\` and other types, users and roles lift that.`,
    mend: `Remove \`type\`, \`user\` and \`role\`. \`level\` may stay: by it, pods share a volume and are kept apart.`,
    sources: standardsSources("seLinuxOptions"),
    profile: "strict",
    podSecurity: "baseline",
    peers: { polaris: ["linuxHardening"] },
  },
  function* look(pod) {
    for (const { context, path, holder } of securityContextsOf(pod)) {
      const options = context.seLinuxOptions;
      for (const part of ["type", "user", "role"] as const) {
        const value = options?.[part];
        if (!value || (part === "type" && allowedTypes.has(value))) continue;
        const field = [...path, "seLinuxOptions", part];
        yield {
          path: field,
          message: `${holder} chooses the SELinux ${part} ${value}, which is not for containers`,
          label: part === "type" ? "not container_t" : `a ${part} of its own`,
          next: [`remove ${part}`],
          fix: offerToRemove(pod, field),
        };
      }
    }
  },
);

const allowedTypes: ReadonlySet<string> = new Set([
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
]);
