import { containerRule } from "../../../make-rule.ts";
import { knownImage } from "../../../objects/containers/known-images.ts";
import { isWritable } from "../../../objects/containers/writable-paths.ts";

/** A container with a read-only root and no place for temporary files. */
export const readOnlyTmp = containerRule(
  {
    id: "read-only-tmp",
    severity: "advice",
    title: "a container cannot write temporary files",
    why: `With a read-only root, nothing can be written to \`/tmp\` unless a volume is mounted there. Many runtimes and
libraries write there only now and then: at an upload, at a large request, at a heap dump. It then fails in production first.`,
    mend: `Mount an \`emptyDir\` with a \`sizeLimit\` at \`/tmp\`. A server that surely writes no files, such as most in Go,
can do without: ignore the rule there.`,
    sources: [
      "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
      "https://kubernetes.io/docs/concepts/storage/volumes/#emptydir",
    ],
    givesWayTo: ["read-only-root-image"],
    profile: "strict",
  },
  function* look(source, pod) {
    const { name, image, securityContext } = source.container;
    if (source.role === "init" || securityContext?.readOnlyRootFilesystem !== true) return;
    if (isWritable("/tmp", source, pod) || knownImage(image)?.writes?.includes("/tmp")) return;
    yield {
      path: ["securityContext", "readOnlyRootFilesystem"],
      message: `container ${name} cannot write temporary files: its root is read-only, and nothing is mounted at /tmp`,
      label: "/tmp is read-only as well",
      next: ["a volume tmp with emptyDir: {sizeLimit: 64Mi}, mounted at /tmp"],
    };
  },
);
