import { compareQuantity } from "@seaworthy/kube";
import { writtenAmount } from "../../../objects/containers/container-resources.ts";
import { offerToSet } from "../../../fixes.ts";
import { containerRule } from "../../../make-rule.ts";

/** A container that may use more memory than its node keeps free for it. */
export const memoryOvercommitted = containerRule(
  {
    id: "memory-overcommitted",
    severity: "advice",
    title: "a container may use more memory than is kept for it",
    why: `The scheduler counts requests. Where limits are higher, a node can be full of pods that together need more than it
has; and memory, unlike CPU, cannot be taken back: the kubelet evicts those pods first that use more than they requested.`,
    mend: `Make request and limit of memory the same: what the container needs on its worst day.`,
    sources: [
      "https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#pod-selection-for-kubelet-eviction",
      "https://www.flanksource.com/blog/embracing-failure",
    ],
    profile: "strict",
    peers: {
      "kube-score": ["container-memory-requests-equal-limits", "container-resource-requests-equal-limits"],
    },
  },
  function* look(source, pod) {
    const { container, role } = source;
    const request = writtenAmount(container, "requests", "memory");
    const limit = writtenAmount(container, "limits", "memory");
    if (role === "init" || !request || !limit || compareQuantity(limit, request) <= 0) return;
    yield {
      path: ["resources", "requests", "memory"],
      message: `container ${container.name} may use ${limit} of memory, of which its node keeps ${request} for it`,
      label: "less than its limit",
      next: [`requests.memory: ${limit}, or a lower limit for both`],
      fix: offerToSet(
        { manifest: pod.manifest, path: source.path },
        ["resources", "requests", "memory"],
        limit,
      ),
    };
  },
);
