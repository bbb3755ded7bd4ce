import { podRule } from "../../../make-rule.ts";
import { offerToSet } from "../../../fixes.ts";
import { securityContextsOf } from "../../../objects/containers/security-contexts.ts";
import { standardsSources } from "../standards-sources.ts";

/** A pod or a container without an AppArmor profile because it asks for none. */
export const appArmorUnconfined = podRule(
  {
    id: "app-armor-unconfined",
    severity: "warning",
    title: "a container turns its AppArmor profile off",
    why: `On nodes with AppArmor, the runtime's profile keeps a container from writing to \`/proc\` and \`/sys\` and from
mounting. \`Unconfined\` takes that away.`,
    mend: `Remove it: \`RuntimeDefault\` holds then. A profile of your own is \`Localhost\`.`,
    sources: [
      ...standardsSources("appArmorProfile"),
      "https://kubernetes.io/docs/tutorials/security/apparmor/",
    ],
    profile: "default",
    podSecurity: "baseline",
    peers: { polaris: ["linuxHardening"] },
  },
  function* look(pod) {
    for (const { context, path, holder } of securityContextsOf(pod)) {
      const type = context.appArmorProfile?.type;
      if (!context.appArmorProfile || type === "RuntimeDefault" || type === "Localhost") continue;
      const field = [...path, "appArmorProfile", "type"];
      yield {
        path: field,
        message: `${holder} turns its AppArmor profile off`,
        label: "no profile at all",
        next: ["type: RuntimeDefault"],
        fix: offerToSet(pod, field, "RuntimeDefault"),
      };
    }
    for (const [key, profile] of Object.entries(pod.annotations)) {
      if (!key.startsWith(annotationPrefix) || isAllowedAnnotation(profile)) continue;
      const field = ["metadata", "annotations", key];
      yield {
        path: field,
        message: `container ${key.slice(annotationPrefix.length)} turns its AppArmor profile off by an annotation`,
        label: "no profile at all",
        next: ["remove the annotation"],
        fix: offerToSet(pod, field, "runtime/default"),
      };
    }
  },
);

/** Before Kubernetes 1.30 the profile of each container was an annotation of the pod. */
const annotationPrefix = "container.apparmor.security.beta.kubernetes.io/";

function isAllowedAnnotation(profile: string): boolean {
  return !profile || profile === "runtime/default" || profile.startsWith("localhost/");
}
