import { containerRule } from "../../../make-rule.ts";
import { knownImage } from "../../../objects/containers/known-images.ts";
import { contextInForce } from "../../../objects/containers/security-contexts.ts";

/** A container that starts only if its image has a numeric user. */
export const namedUserImage = containerRule(
  {
    id: "named-user-image",
    severity: "advice",
    title: "a container starts only if its image's USER is a number",
    why: `With \`runAsNonRoot: true\` and no \`runAsUser\`, the kubelet takes the user from the image. If that is a name, or
nobody wrote one, it refuses to start the container: CreateContainerConfigError, "cannot verify user is non-root". The next
build of the image can bring that about.`,
    mend: `Write the number of the image's user: \`runAsUser: 65532\` for distroless images, for example.`,
    sources: [
      "https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/kuberuntime/security_context.go",
      "https://github.com/kubernetes-up-and-running/kuard/issues/43",
    ],
    profile: "strict",
  },
  function* look(source, pod) {
    const { name, image, securityContext } = source.container;
    if (contextInForce(pod, source, "runAsNonRoot") !== true) return;
    if (contextInForce(pod, source, "runAsUser") !== undefined) return;
    // Of these, the rule root-image says more.
    if (knownImage(image)?.user !== undefined) return;
    const isOwn = securityContext?.runAsNonRoot === true;
    yield {
      path: isOwn ? ["securityContext", "runAsNonRoot"] : ["image"],
      message: `container ${name} starts only if the USER of its image is a number`,
      label: "runAsNonRoot, and no runAsUser",
      next: ["securityContext.runAsUser: the number of the image's user"],
    };
  },
);
