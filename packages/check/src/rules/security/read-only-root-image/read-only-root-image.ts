import type { Container } from "@seaworthy/kube";
import { containerRule } from "../../../make-rule.ts";
import { knownImage } from "../../../objects/containers/known-images.ts";
import { isWritable } from "../../../objects/containers/writable-paths.ts";

/** A read-only root under an image that writes to it. */
export const readOnlyRootImage = containerRule(
  {
    id: "read-only-root-image",
    severity: "error",
    title: "a read-only root under an image that must write",
    why: `Some images write to their own directories at every start: nginx its cache and its pid, MySQL and PostgreSQL their
sockets, Apache its pid. With a read-only root they end with "Read-only file system", and the pod stays in CrashLoopBackOff.`,
    mend: `Mount an \`emptyDir\` at each of these directories, or configure the server to write elsewhere.`,
    sources: [
      "https://github.com/docker-library/docs/blob/master/nginx/README.md#running-nginx-in-read-only-mode",
      "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    ],
    profile: "default",
  },
  function* look(source, pod) {
    const { name, image, securityContext } = source.container;
    if (securityContext?.readOnlyRootFilesystem !== true || isConfigured(source.container)) return;
    const missing = (knownImage(image)?.writes ?? []).filter((path) => !isWritable(path, source, pod));
    if (missing.length === 0) return;
    yield {
      path: ["securityContext", "readOnlyRootFilesystem"],
      message: `container ${name} cannot start: its image writes to ${missing.join(" and ")}, and its root is read-only`,
      label: `${missing.join(" and ")} cannot be written`,
      seen: [`the image is ${image}`],
      next: [`a volume with emptyDir: {}, mounted at ${missing.join(" and at ")}`],
    };
  },
);

/** Whether settings that are not seen here may let the server write elsewhere. What nginx reads from these two cannot. */
function isConfigured({ command, args, volumeMounts }: Container): boolean {
  if (command || args) return true;
  return (volumeMounts ?? []).some(({ mountPath }) =>
    /^\/etc\/(?!nginx\/(conf\.d|templates))/.test(mountPath),
  );
}
