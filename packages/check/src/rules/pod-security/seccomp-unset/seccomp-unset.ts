import { podRule } from "../../../make-rule.ts";
import { offerToSet } from "../../../fixes.ts";
import { everyContainer, runsOnWindows } from "../../../objects/containers/security-contexts.ts";
import { standardsSources } from "../standards-sources.ts";

/** Containers for which no seccomp profile is chosen. */
export const seccompUnset = podRule(
  {
    id: "seccomp-unset",
    severity: "advice",
    title: "a container may make every system call",
    why: `Without a seccomp profile, a container may make every system call of the kernel, also the many that no server
needs and through which containers have been left. Only where the kubelet runs with \`--seccomp-default\` is a profile
chosen by itself.`,
    mend: `\`securityContext: {seccompProfile: {type: RuntimeDefault}}\` in the pod. Debuggers and profilers may need more:
try it before production.`,
    sources: [
      ...standardsSources("seccompProfile_restricted"),
      "https://kubernetes.io/docs/tutorials/security/seccomp/",
    ],
    profile: "strict",
    podSecurity: "restricted",
    peers: { "kube-score": ["container-seccomp-profile"], polaris: ["linuxHardening"] },
  },
  function* look(pod) {
    if (runsOnWindows(pod) || pod.spec.securityContext?.seccompProfile) return;
    const bare = everyContainer(pod).filter(({ container }) => !container.securityContext?.seccompProfile);
    if (bare.length === 0) return;
    const path = ["spec", "securityContext", "seccompProfile", "type"];
    const names = bare.map(({ container }) => container.name).join(", ");
    yield {
      path,
      message: `${bare.length === 1 ? "container" : "containers"} ${names} may make every system call`,
      label: "no seccompProfile",
      next: ["spec.securityContext.seccompProfile: {type: RuntimeDefault}"],
      fix: offerToSet(pod, path, "RuntimeDefault"),
    };
  },
);
