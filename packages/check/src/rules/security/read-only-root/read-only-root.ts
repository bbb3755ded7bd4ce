import { containerRule } from "../../../make-rule.ts";
import { offerToSet } from "../../../fixes.ts";
import { runsOnWindows } from "../../../objects/containers/security-contexts.ts";

/** A container that may change the files of its image. */
export const readOnlyRoot = containerRule(
  {
    id: "read-only-root",
    severity: "advice",
    title: "a container may change the files of its image",
    why: `Whoever gets into such a container can put programs into it and change the application's own. And what the
application itself writes there is gone with the next restart, and fills up the node's disk until then.`,
    mend: `\`securityContext: {readOnlyRootFilesystem: true}\`, and an \`emptyDir\` at each directory that the application
writes to, \`/tmp\` first. Try it before production: what it writes shows only when it does.`,
    sources: ["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"],
    profile: "strict",
    peers: {
      "kube-score": ["container-security-context-readonlyrootfilesystem"],
      "kube-linter": ["no-read-only-root-fs"],
      polaris: ["notReadOnlyRootFilesystem"],
    },
  },
  function* look(source, pod) {
    const { name, securityContext } = source.container;
    if (securityContext?.readOnlyRootFilesystem === true || runsOnWindows(pod)) return;
    const path = ["securityContext", "readOnlyRootFilesystem"];
    yield {
      path,
      message: `container ${name} may change the files of its image, and so may whoever gets into it`,
      label: "no readOnlyRootFilesystem: true",
      next: ["securityContext.readOnlyRootFilesystem: true, and an emptyDir at /tmp"],
      fix: offerToSet({ manifest: pod.manifest, path: source.path }, path, true),
    };
  },
);
