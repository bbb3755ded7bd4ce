import { lastingContainers, limitOf } from "../../../objects/containers/container-resources.ts";
import { pathInPod } from "../../../objects/containers/security-contexts.ts";
import { podRule } from "../../../make-rule.ts";

/** A container that may use whatever CPU its node has left. */
export const cpuLimitMissing = podRule(
  {
    id: "cpu-limit-missing",
    severity: "advice",
    title: "a container has no CPU limit",
    why: `kube-score and Polaris ask for a limit. No profile of Seaworthy does: what a container uses beyond its request is
what nobody else wants at that moment, and requests already keep each container's share. A limit stops a server in the middle
of a request for up to 100 ms at a time although the node is idle: see the rule cpu-limit-latency. Set one where tenants pay
by CPU, or where the kubelet's static CPU policy gives whole CPUs.`,
    mend: `See to it that every container has a CPU request. To satisfy the other tools: \`limits: {cpu: "2"}\`.`,
    sources: [
      "https://erickhun.com/posts/kubernetes-faster-services-no-cpu-limits/",
      "https://arxiv.org/html/2510.10747v1",
      "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    ],
    peers: { "kube-score": ["container-resources"], polaris: ["cpuLimitsMissing"] },
  },
  function* look(pod, set) {
    for (const source of lastingContainers(pod)) {
      if (limitOf(source, pod, set, "cpu") !== undefined) continue;
      yield {
        path: [...pathInPod(source, pod), "resources", "limits", "cpu"],
        message: `container ${source.container.name} may use what CPU its node has left`,
        label: "no limits.cpu",
        next: [
          "leave it so, and give every container a CPU request",
          'resources.limits.cpu: "2", where other tools demand one',
        ],
      };
    }
  },
);
