import type { Container, Pod } from "@seaworthy/kube";
import { ContainerConfigError } from "../container/environment.ts";
import { effectiveContext } from "./effective-context.ts";

/**
 * Refuses a container that `runAsNonRoot` forbids to start, in the kubelet's words. `imageUser` is the image's USER; one that has
 * none runs as root.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/kuberuntime/security_context_others.go (verifyRunAsNonRoot)
 */
export function verifyNonRoot(pod: Pod, container: Container, imageUser = "0"): void {
  const { runAsNonRoot, runAsUser } = effectiveContext(pod, container);
  if (runAsNonRoot !== true) return;
  const { name, namespace = "default", uid = "" } = pod.metadata;
  const where = `(pod: "${name}_${namespace}(${uid})", container: ${container.name})`;
  if (runAsUser === 0)
    throw new ContainerConfigError(`container's runAsUser breaks non-root policy ${where}`);
  if (runAsUser !== undefined) return;
  const [user = ""] = imageUser.split(":");
  if (!/^\d+$/.test(user))
    throw new ContainerConfigError(
      `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root ${where}`,
    );
  if (Number(user) === 0)
    throw new ContainerConfigError(`container has runAsNonRoot and image will run as root ${where}`);
}
