import { safeToSet } from "../../../fixes.ts";
import { containerRule } from "../../../make-rule.ts";
import { knownImage } from "../../../objects/containers/known-images.ts";
import { contextInForce } from "../../../objects/containers/security-contexts.ts";

/** An image that runs as root, or as a user by name, where root is refused. */
export const rootImage = containerRule(
  {
    id: "root-image",
    severity: "error",
    title: "runAsNonRoot refuses the user of the image",
    why: `With \`runAsNonRoot: true\` the kubelet wants to know by number that the user is not root. An image that runs as
root it refuses; one whose USER is a name as well, since it does not look the name up. The pod stays in
CreateContainerConfigError.`,
    mend: `Write the number: \`runAsUser: 1000\` for \`node\`, 999 for \`mysql\` and \`postgres\`, 65534 for \`nobody\`. Images
that become another user by themselves, as databases do, need the right owner on their volumes then: \`fsGroup\`.`,
    sources: [
      "https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/kuberuntime/security_context.go",
      "https://github.com/kubernetes-up-and-running/kuard/issues/43",
      "https://github.com/prometheus/statsd_exporter/issues/406",
    ],
    profile: "default",
  },
  function* look(source, pod) {
    const { name, image, securityContext } = source.container;
    if (contextInForce(pod, source, "runAsNonRoot") !== true) return;
    if (contextInForce(pod, source, "runAsUser") !== undefined) return;
    const { user, userId } = knownImage(image) ?? {};
    if (user === undefined) return;
    const isOwn = securityContext?.runAsNonRoot === true;
    yield {
      path: isOwn ? ["securityContext", "runAsNonRoot"] : ["image"],
      message:
        user === "root"
          ? `container ${name} cannot start: its image runs as root, and runAsNonRoot refuses that`
          : `container ${name} cannot start: its image runs as ${user}, and the kubelet does not know that this is not root`,
      label: `the user of the image is ${user}`,
      seen: [`the image is ${image}`],
      next: [`securityContext.runAsUser: ${userId ?? "the number of a user whom the image knows"}`],
      // It is the image's own user, told in a way that the kubelet understands.
      ...(userId !== undefined && {
        fix: safeToSet(
          { manifest: pod.manifest, path: source.path },
          ["securityContext", "runAsUser"],
          userId,
        ),
      }),
    };
  },
);
