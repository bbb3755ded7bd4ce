import { lastingContainers, requestOf } from "../../../objects/containers/container-resources.ts";
import { pathInPod } from "../../../objects/containers/security-contexts.ts";
import { podRule } from "../../../make-rule.ts";

/** A container that says nothing about memory. */
export const memoryRequestMissing = podRule(
  {
    id: "memory-request-missing",
    severity: "warning",
    title: "a container says nothing about memory",
    why: `The scheduler puts such a container on any node, as if it needed nothing. When the node has no memory left, its
pod is the first to be evicted or killed, whoever used the memory up; and without a limit it may be the one that does.`,
    mend: `Write a limit that it reaches on its worst day only, and the same as request: \`requests: {memory: 256Mi}\`,
\`limits: {memory: 256Mi}\`.`,
    sources: [
      "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
      "https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/",
      "https://www.flanksource.com/blog/embracing-failure",
    ],
    givesWayTo: ["autoscaler-needs-request"],
    profile: "default",
    peers: {
      "kube-score": ["container-resources"],
      "kube-linter": ["unset-memory-requirements"],
      polaris: ["memoryRequestsMissing", "memoryLimitsMissing"],
    },
  },
  function* look(pod, set) {
    for (const source of lastingContainers(pod)) {
      if (requestOf(source, pod, set, "memory") !== undefined) continue;
      yield {
        path: [...pathInPod(source, pod), "resources", "requests", "memory"],
        message: `container ${source.container.name} asks for no memory: its pod is the first to go when a node runs short`,
        label: "no requests.memory",
        next: [
          "resources.requests.memory and limits.memory: what it uses on its worst day, 256Mi for example",
        ],
      };
    }
  },
);
