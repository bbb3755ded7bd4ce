import { containerRule } from "../../../make-rule.ts";
import { safeToSet } from "../../../fixes.ts";

/** A container whose image nobody pulls. */
export const pullPolicyNever = containerRule(
  {
    id: "pull-policy-never",
    severity: "warning",
    title: "an image is never pulled",
    why: `With \`imagePullPolicy: Never\` a pod starts only on a node that happens to have the image. On a new node, and on
each one that has cleaned up its disk, it stays in ErrImageNeverPull. It is a setting for a cluster on a laptop.`,
    mend: `Remove it. With a version in the image's tag the image is then pulled once for each node.`,
    sources: ["https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy"],
    profile: "default",
  },
  function* look(source, pod) {
    const { name, imagePullPolicy } = source.container;
    if (imagePullPolicy !== "Never") return;
    yield {
      path: ["imagePullPolicy"],
      message: `container ${name} starts only on a node that has its image already: nobody pulls it`,
      label: "a new node has no image",
      next: ["imagePullPolicy: IfNotPresent"],
      // A node that has the image goes on as before.
      fix: safeToSet({ manifest: pod.manifest, path: source.path }, ["imagePullPolicy"], "IfNotPresent"),
    };
  },
);
