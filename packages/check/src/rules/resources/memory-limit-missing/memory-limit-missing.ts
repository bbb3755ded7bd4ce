import { lastingContainers, limitOf, requestOf } from "../../../objects/containers/container-resources.ts";
import { pathInPod } from "../../../objects/containers/security-contexts.ts";
import { podRule } from "../../../make-rule.ts";

/** A container that may use up the memory of its node. */
export const memoryLimitMissing = podRule(
  {
    id: "memory-limit-missing",
    severity: "warning",
    title: "a container may use up the memory of its node",
    why: `A leak in one container without a limit takes the memory of all the others on its node: the kernel then kills
what it chooses, and the kubelet evicts pods that did nothing. With a limit, the one that leaks is restarted and the rest
does not notice.`,
    mend: `Write a limit that it reaches on its worst day only, and the same as request.`,
    sources: [
      "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
      "https://www.flanksource.com/blog/embracing-failure",
    ],
    profile: "default",
    peers: {
      "kube-score": ["container-resources"],
      "kube-linter": ["unset-memory-requirements"],
      polaris: ["memoryLimitsMissing"],
    },
  },
  function* look(pod, set) {
    for (const source of lastingContainers(pod)) {
      const request = requestOf(source, pod, set, "memory");
      // Where nothing is said about memory, the rule memory-request-missing says so once.
      if (request === undefined || limitOf(source, pod, set, "memory") !== undefined) continue;
      yield {
        path: [...pathInPod(source, pod), "resources", "limits", "memory"],
        message: `container ${source.container.name} may use up the memory of its node: it has no limit`,
        label: "no limits.memory",
        next: [`resources.limits.memory: ${request}, if it never needs more, and else both higher`],
      };
    }
  },
);
