import { podRule } from "../../../make-rule.ts";
import { offerToRemove } from "../../../fixes.ts";
import { securityContextsOf } from "../../../objects/containers/security-contexts.ts";
import { standardsSources } from "../standards-sources.ts";

/** A pod or a container that is told to run as user 0. */
export const runAsRoot = podRule(
  {
    id: "run-as-root",
    severity: "warning",
    title: "a container is made to run as root",
    why: `\`runAsUser: 0\` makes root of whatever user the image was built for. Root in a container is root on the node as
soon as it finds a way out. Where \`runAsNonRoot: true\` stands beside it, the container cannot start at all.`,
    mend: `Remove it, or write the number of the image's own user. To own the files of a volume, \`fsGroup\` is enough.`,
    sources: standardsSources("runAsUser"),
    profile: "strict",
    podSecurity: "restricted",
    peers: { "kube-linter": ["run-as-non-root"], polaris: ["runAsRootAllowed"] },
  },
  function* look(pod) {
    if (pod.spec.hostUsers === false) return;
    for (const { context, path, holder } of securityContextsOf(pod)) {
      if (context.runAsUser !== 0) continue;
      const field = [...path, "runAsUser"];
      yield {
        path: field,
        message: `${holder} is made to run as root, whatever user its image is for`,
        label: "root",
        next: ["remove it, or write the number of the image's own user"],
        fix: offerToRemove(pod, field),
      };
    }
  },
);
