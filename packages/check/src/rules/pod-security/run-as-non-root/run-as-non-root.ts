import type { ContainerSource, PodSource } from "../../../objects/pod-source.ts";
import { podRule } from "../../../make-rule.ts";
import { offerToSet } from "../../../fixes.ts";
import { everyContainer, pathInPod } from "../../../objects/containers/security-contexts.ts";
import type { FoundField } from "../../../rule.ts";
import { standardsSources } from "../standards-sources.ts";

/** A pod of which nothing says that it does not run as root. */
export const runAsNonRoot = podRule(
  {
    id: "run-as-non-root",
    severity: "advice",
    title: "a container may run as root",
    why: `Root in a container is root on the node as soon as it finds a way out, and it may change every file of its
image. Without \`runAsNonRoot: true\`, an image that forgets its USER runs as root, and nobody is told.`,
    mend: `\`securityContext: {runAsNonRoot: true, runAsUser: 65532}\` in the pod, with the number of the user for which
the image was made. The kubelet then refuses to start an image as root. Files in volumes belong to root unless \`fsGroup\`
is set as well: try it before production.`,
    sources: standardsSources("runAsNonRoot"),
    profile: "strict",
    podSecurity: "restricted",
    peers: { "kube-linter": ["run-as-non-root"], polaris: ["runAsRootAllowed"] },
  },
  function* look(pod) {
    // In a user namespace, root in the container is nobody on the node.
    if (pod.spec.hostUsers === false) return;
    const all = everyContainer(pod);
    const ofPod = pod.spec.securityContext?.runAsNonRoot ?? undefined;
    if (ofPod === false) yield refused(pod, ["spec"], "the pod");
    for (const source of all) {
      if (source.container.securityContext?.runAsNonRoot === false)
        yield refused(pod, pathInPod(source, pod), `container ${source.container.name}`);
    }
    const silent = all.filter(
      ({ container }) => (container.securityContext?.runAsNonRoot ?? undefined) === undefined,
    );
    if (ofPod === undefined && silent.length > 0) yield unsaid(pod, silent);
  },
);

function refused(pod: PodSource, holder: readonly (string | number)[], name: string): FoundField {
  const path = [...holder, "securityContext", "runAsNonRoot"];
  return {
    path,
    message: `${name} says that it may run as root`,
    label: "root is allowed",
    next: ["runAsNonRoot: true, and runAsUser: the number of the image's user"],
    fix: offerToSet(pod, path, true),
  };
}

function unsaid(pod: PodSource, silent: readonly ContainerSource[]): FoundField {
  const path = ["spec", "securityContext", "runAsNonRoot"];
  const names = silent.map(({ container }) => container.name).join(", ");
  return {
    path,
    message: `nothing keeps ${silent.length === 1 ? "container" : "containers"} ${names} from running as root`,
    label: "no runAsNonRoot",
    next: ["spec.securityContext.runAsNonRoot: true, and runAsUser: the number of the image's user"],
    fix: offerToSet(pod, path, true),
  };
}
