import type { Container, Pod } from "@seaworthy/kube";
import { ContainerConfigError } from "../container/environment.ts";
import { effectiveContext } from "./effective-context.ts";

/**
 * Refuses a container that `runAsNonRoot` forbids to start, in the kubelet's words. `imageUser` is the image's USER, undefined where
 * nobody knows it: then only the pod is judged.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/kuberuntime/security_context_others.go (verifyRunAsNonRoot)
 */
export function verifyNonRoot(pod: Pod, container: Container, imageUser: string | undefined): void {
  const { runAsNonRoot, runAsUser } = effectiveContext(pod, container);
  if (runAsNonRoot !== true) return;
  const { name, namespace = "default", uid = "" } = pod.metadata;
  const where = `(pod: "${name}_${namespace}(${uid})", container: ${container.name})`;
  if (runAsUser === 0)
    throw new ContainerConfigError(`container's runAsUser breaks non-root policy ${where}`);
  if (runAsUser !== undefined || imageUser === undefined) return;
  const [user = ""] = imageUser.split(":");
  if (!/^\d+$/.test(user))
    throw new ContainerConfigError(
      `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root ${where}`,
    );
  if (Number(user) === 0)
    throw new ContainerConfigError(
      `container has runAsNonRoot and image will run as root ${where}`,
      `write the image's USER into seaworthy.yaml as run: { ${container.image}: { command, user } }, or set runAsUser`,
    );
}
