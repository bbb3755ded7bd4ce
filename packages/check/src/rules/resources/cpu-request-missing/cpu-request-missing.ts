import { lastingContainers, requestOf } from "../../../objects/containers/container-resources.ts";
import { pathInPod } from "../../../objects/containers/security-contexts.ts";
import { podRule } from "../../../make-rule.ts";

/** A container that asks for no CPU. */
export const cpuRequestMissing = podRule(
  {
    id: "cpu-request-missing",
    severity: "warning",
    title: "a container asks for no CPU",
    why: `The scheduler puts such a container on any node, as if it used nothing, and when that node is busy it gets what
the others leave: its probes time out, and it is restarted though nothing is wrong with it. An autoscaler that looks at CPU
cannot compute anything for it.`,
    mend: `Write what it uses on an ordinary day: \`requests: {cpu: 100m}\`. It may use more when the node has more.`,
    sources: [
      "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
      "https://www.flanksource.com/blog/embracing-failure",
    ],
    givesWayTo: ["autoscaler-needs-request"],
    profile: "default",
    peers: {
      "kube-score": ["container-resources"],
      "kube-linter": ["unset-cpu-requirements"],
      polaris: ["cpuRequestsMissing"],
    },
  },
  function* look(pod, set) {
    for (const source of lastingContainers(pod)) {
      if (requestOf(source, pod, set, "cpu") !== undefined) continue;
      yield {
        path: [...pathInPod(source, pod), "resources", "requests", "cpu"],
        message: `container ${source.container.name} asks for no CPU: on a busy node it gets what others leave`,
        label: "no requests.cpu",
        next: ["resources.requests.cpu: what it uses on an ordinary day, 100m for example"],
      };
    }
  },
);
