import { compareQuantity } from "@seaworthy/kube";
import { writtenAmount } from "../../../objects/containers/container-resources.ts";
import { containerRule } from "../../../make-rule.ts";

/** A container that may write more to its node's disk than is kept for it. */
export const ephemeralStorageRequestNotLimit = containerRule(
  {
    id: "ephemeral-storage-request-not-limit",
    severity: "advice",
    title: "a container may write more than is kept for it",
    why: `kube-score can ask that both be the same. No profile of Seaworthy does: most containers write far less than they
may, and what keeps the disk from filling up is the limit.`,
    mend: `Leave it, or make both the same.`,
    sources: ["https://kubernetes.io/docs/concepts/storage/ephemeral-storage/"],
    peers: { "kube-score": ["container-ephemeral-storage-request-equals-limit"] },
  },
  function* look({ container }) {
    const request = writtenAmount(container, "requests", "ephemeral-storage");
    const limit = writtenAmount(container, "limits", "ephemeral-storage");
    if (!request || !limit || compareQuantity(limit, request) === 0) return;
    yield {
      path: ["resources", "requests", "ephemeral-storage"],
      message: `container ${container.name} asks for ${request} of disk, and may use ${limit}`,
      label: "not its limit",
      next: ["leave it so", `requests.ephemeral-storage: ${limit}, where other tools demand it`],
    };
  },
);
