import { compareQuantity } from "@seaworthy/kube";
import { writtenAmount } from "../../../objects/containers/container-resources.ts";
import { containerRule } from "../../../make-rule.ts";

/** A container whose CPU limit is higher than its request. */
export const cpuRequestNotLimit = containerRule(
  {
    id: "cpu-request-not-limit",
    severity: "advice",
    title: "a container may use more CPU than is kept for it",
    why: `kube-score can ask that both be the same, for the QoS class Guaranteed. No profile of Seaworthy does: CPU beyond
the request is shared out again every few milliseconds, so that nobody is harmed by a container that uses what is left.`,
    mend: `Leave it, or remove the limit. For whole CPUs of its own under the kubelet's static policy, a container needs the
same whole number as request and limit.`,
    sources: ["https://kubernetes.io/docs/tasks/administer-cluster/cpu-management-policies/"],
    peers: {
      "kube-score": ["container-cpu-requests-equal-limits", "container-resource-requests-equal-limits"],
    },
  },
  function* look({ container }) {
    const request = writtenAmount(container, "requests", "cpu");
    const limit = writtenAmount(container, "limits", "cpu");
    if (!request || !limit || compareQuantity(limit, request) === 0) return;
    yield {
      path: ["resources", "requests", "cpu"],
      message: `container ${container.name} asks for ${request} of CPU, and may use ${limit}`,
      label: "not its limit",
      next: ["leave it so", `requests.cpu: ${limit}, where other tools demand it`],
    };
  },
);
