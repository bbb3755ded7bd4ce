import { lastingContainers, limitOf } from "../../../objects/containers/container-resources.ts";
import { pathInPod } from "../../../objects/containers/security-contexts.ts";
import { podRule } from "../../../make-rule.ts";

/** A container that may fill the disk of its node. */
export const ephemeralStorageUnbounded = podRule(
  {
    id: "ephemeral-storage-unbounded",
    severity: "advice",
    title: "a container may fill the disk of its node",
    why: `Logs, temporary files and \`emptyDir\` volumes lie on the node's disk. When it is full, the kubelet evicts pods
until there is room, and none can start meanwhile: also those that wrote nothing.`,
    mend: `\`requests\` and \`limits\` of \`ephemeral-storage\`: then the pod that writes too much is evicted, and no other.
Its logs count as well.`,
    sources: [
      "https://kubernetes.io/docs/concepts/storage/ephemeral-storage/",
      "https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/",
    ],
    profile: "strict",
    peers: { "kube-score": ["container-ephemeral-storage-request-and-limit"] },
  },
  function* look(pod, set) {
    for (const source of lastingContainers(pod)) {
      if (limitOf(source, pod, set, "ephemeral-storage") !== undefined) continue;
      yield {
        path: [...pathInPod(source, pod), "resources", "limits", "ephemeral-storage"],
        message: `container ${source.container.name} may fill the disk of its node with logs and temporary files`,
        label: "no limits.ephemeral-storage",
        next: ["resources.limits.ephemeral-storage: 1Gi, for example"],
      };
    }
  },
);
