import {
  formatLabelSelector,
  formatObjectName,
  matchesLabelSelector,
  type NetworkPolicy,
} from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { podsNear } from "../../../objects/pods-near.ts";
import { limits, rulesOf } from "../../../objects/network/policies.ts";
import { hasUnreadablePods } from "../../../objects/references/unreadable.ts";

/** A policy that lets in whom there is not. */
export const policyPeerMissing = objectRule<NetworkPolicy>(
  {
    id: "policy-peer-missing",
    severity: "advice",
    title: "a NetworkPolicy lets in pods that are not there",
    kind: "NetworkPolicy",
    group: "networking.k8s.io",
    why: `A \`podSelector\` without a \`namespaceSelector\` means pods of the policy's **own** namespace. When none of them has these labels, those
that are meant are shut out: they are in another namespace, or are labelled otherwise.`,
    mend: "Add a `namespaceSelector` in the same list item, or correct the labels.",
    sources: [
      "https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors",
    ],
    profile: "strict",
    peers: { "kube-linter": ["dangling-networkpolicypeer-podselector"] },
  },
  function* ({ object }, set) {
    const pods = podsNear(object, set);
    if (pods.length === 0 || hasUnreadablePods(set, object)) return;
    for (const [direction, field] of [
      ["Ingress", "from"],
      ["Egress", "to"],
    ] as const) {
      if (!limits(object, direction)) continue;
      for (const [rule, { peers = [] }] of rulesOf(object, direction).entries())
        for (const [index, { podSelector, namespaceSelector }] of peers.entries()) {
          if (podSelector === undefined || namespaceSelector !== undefined) continue;
          if (pods.some(({ labels }) => matchesLabelSelector(podSelector, labels))) continue;
          yield {
            path: ["spec", direction.toLowerCase(), rule, field, index, "podSelector"],
            message: `${formatObjectName(object)} names pods ${formatLabelSelector(podSelector)}, and no pod of its namespace is labelled so`,
            label: "no pod of this namespace",
            next: ["add a namespaceSelector beside it, or correct the labels"],
          };
        }
    }
  },
);
