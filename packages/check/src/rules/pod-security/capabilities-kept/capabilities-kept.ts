import { podRule } from "../../../make-rule.ts";
import type { ContainerSource, PodSource } from "../../../objects/pod-source.ts";
import { offerToRemove, offerToSet } from "../../../fixes.ts";
import { everyContainer, pathInPod, runsOnWindows } from "../../../objects/containers/security-contexts.ts";
import type { FoundField } from "../../../rule.ts";
import { baselineCapabilities } from "../capability-levels.ts";
import { standardsSources } from "../standards-sources.ts";

/** A container that keeps capabilities which it was given unasked. */
export const capabilitiesKept = podRule(
  {
    id: "capabilities-kept",
    severity: "advice",
    title: "a container keeps capabilities",
    why: `A container that runs as root starts with some fifteen capabilities. Few servers need one of them, and an intruder
finds use for most: NET_RAW to answer in place of other pods, SETUID and DAC_OVERRIDE to become anyone and read anything.`,
    mend: `\`capabilities: {drop: [ALL]}\`, and \`add: [NET_BIND_SERVICE]\` when the container listens on a port below
1024 as another user than root. An image whose start script changes owners or users needs CHOWN, SETUID and SETGID: run it as
its user instead, with \`runAsUser\` and \`fsGroup\`. Try it before production.`,
    sources: standardsSources("capabilities_restricted"),
    profile: "strict",
    podSecurity: "restricted",
    peers: { "kube-linter": ["drop-net-raw-capability"], polaris: ["insecureCapabilities"] },
  },
  function* look(pod) {
    if (runsOnWindows(pod)) return;
    for (const source of everyContainer(pod)) {
      const { add, drop } = source.container.securityContext?.capabilities ?? {};
      if (!drop?.includes("ALL")) yield notDropped(pod, source);
      for (const [index, capability] of (add ?? []).entries()) {
        if (baselineCapabilities.has(capability) && capability !== "NET_BIND_SERVICE")
          yield takenBack(pod, source, index, capability);
      }
    }
  },
);

function notDropped(pod: PodSource, source: ContainerSource): FoundField {
  const path = [...pathInPod(source, pod), "securityContext", "capabilities", "drop"];
  return {
    path,
    message: `container ${source.container.name} keeps the capabilities that the runtime gives it`,
    label: "does not drop ALL",
    next: ["securityContext.capabilities.drop: [ALL]"],
    fix: offerToSet(pod, path, ["ALL"]),
  };
}

function takenBack(pod: PodSource, source: ContainerSource, index: number, capability: string): FoundField {
  const path = [...pathInPod(source, pod), "securityContext", "capabilities", "add", index];
  return {
    path,
    message: `container ${source.container.name} adds the capability ${capability}; only NET_BIND_SERVICE may be added at the level restricted`,
    label: "not NET_BIND_SERVICE",
    next: [`remove ${capability}, and run the image as its own user`],
    fix: offerToRemove(pod, path),
  };
}
