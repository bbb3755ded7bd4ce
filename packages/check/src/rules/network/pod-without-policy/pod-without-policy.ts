import { formatObjectName } from "@seaworthy/kube";
import { podRule } from "../../../make-rule.ts";
import { policiesOf } from "../../../objects/policies.ts";

/** A pod that everybody may reach, and that may reach everybody. */
export const podWithoutPolicy = podRule(
  {
    id: "pod-without-policy",
    severity: "advice",
    title: "no NetworkPolicy protects a pod",
    why: `A pod that no policy selects may be reached by every pod of the cluster, and may reach all of them and the Internet. Whoever takes
over one pod goes on from there. Many clusters set such policies for whole namespaces, outside the files of an app, so that this rule is
in no profile.`,
    mend: "Add a NetworkPolicy that selects the pods, for Ingress and for Egress.",
    sources: ["https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
    peers: {
      "kube-score": ["pod-networkpolicy"],
      "kube-linter": ["non-isolated-pod"],
      polaris: ["missingNetworkPolicy"],
    },
  },
  function* (pod, set) {
    const open = (["Ingress", "Egress"] as const).filter(
      (direction) => policiesOf(pod, direction, set).length === 0,
    );
    if (open.length === 0) return;
    yield {
      path: ["metadata", "labels"],
      message: `no NetworkPolicy limits what ${open.map((each) => (each === "Ingress" ? "comes in to" : "goes out of")).join(" and ")} the pods of ${formatObjectName(pod.manifest.object)}`,
      label: "selected by no policy",
      next: [`add a NetworkPolicy with policyTypes: [${open.join(", ")}] that selects these labels`],
    };
  },
);
