import { formatObjectName, matchesLabelSelector, type NetworkPolicy } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { findLabelMiss } from "../../../objects/references/label-misses.ts";
import { podsNear } from "../../../objects/pods-near.ts";

/** A NetworkPolicy that protects nobody. */
export const policySelectsNothing = objectRule<NetworkPolicy>(
  {
    id: "policy-selects-nothing",
    severity: "warning",
    title: "a NetworkPolicy selects no pod",
    kind: "NetworkPolicy",
    group: "networking.k8s.io",
    why: `It protects nobody: pods that no NetworkPolicy selects may be reached from everywhere. And what looks like a rule that was
reviewed and approved does nothing, in silence.`,
    mend: "Select labels that the pod template has. An empty `podSelector: {}` selects every pod of the namespace.",
    sources: ["https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
    profile: "default",
    peers: { "kube-score": ["networkpolicy-targets-pod"], "kube-linter": ["dangling-networkpolicy"] },
  },
  function* (manifest, set) {
    const selector = manifest.object.spec?.podSelector ?? {};
    const labels = selector.matchLabels ?? {};
    if (Object.keys(labels).length === 0) return;
    const isSelected = podsNear(manifest.object, set).some((pod) =>
      matchesLabelSelector(selector, pod.labels),
    );
    if (isSelected) return;
    const miss = findLabelMiss(manifest.object, labels, set);
    if (miss === undefined || miss.key === "") return;
    const path = ["spec", "podSelector", "matchLabels", miss.key];
    yield {
      path,
      message: `${formatObjectName(manifest.object)} selects no pod, so it protects nobody`,
      label:
        miss.has === undefined
          ? `no pod has the label ${miss.key} beside the others`
          : `${miss.nearest.manifest.object.metadata.name} has ${miss.key}: ${miss.has}`,
      seen: [miss.seen],
      next: [miss.meant === undefined ? "select labels that the pods have" : `${miss.key}: ${miss.meant}`],
      ...(miss.meant === undefined
        ? {}
        : { fix: { isSafe: false, edits: [{ manifest, path, op: "set", value: miss.meant }] } }),
    };
  },
);
