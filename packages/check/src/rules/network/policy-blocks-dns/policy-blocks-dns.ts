import { formatObjectName, type NetworkPolicy } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { mayMeet, type ManifestOf, type ObjectSet } from "../../../objects/object-set.ts";
import { letsPort, limits, rulesOf, type PolicyRule } from "../../../objects/network/policies.ts";

/** A policy that lets pods out, but not to the DNS. */
export const policyBlocksDns = objectRule<NetworkPolicy>(
  {
    id: "policy-blocks-dns",
    severity: "error",
    title: "a NetworkPolicy lets pods out, but not to the DNS",
    kind: "NetworkPolicy",
    group: "networking.k8s.io",
    why: `As soon as one policy with \`Egress\` selects a pod, all that no rule lets out is dropped: also the questions to the cluster's DNS
at port 53. The pod may go where the policy says, and cannot look up where that is; each connection fails after seconds of waiting.
Answers that are too long for UDP come by TCP, so that both are needed.`,
    mend: "Add a rule that lets port 53 out, by UDP and by TCP.",
    sources: [
      "https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-egress-traffic",
      "https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/",
    ],
    profile: "default",
  },
  function* (manifest, set) {
    const { object } = manifest;
    if (!limits(object, "Egress")) return;
    const rules = rulesOf(object, "Egress");
    // To an address no name is needed; and who lets nothing out means to.
    if (!rules.some(needsNames)) return;
    const together = [manifest, ...othersOf(manifest, set)].flatMap((each) => rulesOf(each.object, "Egress"));
    const lacks = (["UDP", "TCP"] as const).filter(
      (protocol) => !together.some((rule) => letsDns(rule, protocol)),
    );
    // Nearly all answers fit into UDP, and many do well without TCP.
    if (!lacks.includes("UDP")) return;
    yield {
      path: ["spec", "egress"],
      message: `${formatObjectName(object)} drops the DNS requests of the pods that it lets out`,
      label: `no rule lets port 53 out by ${lacks.join(" and ")}`,
      because: "the pods cannot look up any name",
      next: [
        `add to egress: - ports: [${lacks.map((protocol) => `{port: 53, protocol: ${protocol}}`).join(", ")}]`,
      ],
      fix: {
        isSafe: false,
        edits: [
          {
            manifest,
            path: ["spec", "egress", (object.spec?.egress ?? []).length],
            op: "set",
            value: { ports: lacks.map((protocol) => ({ port: 53, protocol })) },
          },
        ],
      },
    };
  },
);

/** Whether whom a rule lets pods go to has a name that must be looked up. */
function needsNames({ peers }: PolicyRule): boolean {
  return peers === undefined || peers.some(({ ipBlock }) => ipBlock === undefined);
}

/** Names are asked of pods of another namespace, or of a cache at an address of the node. */
function letsDns(rule: PolicyRule, protocol: "UDP" | "TCP"): boolean {
  const isNear = rule.peers?.every(
    (peer) => peer.ipBlock === undefined && peer.namespaceSelector === undefined,
  );
  return isNear !== true && letsPort(rule, 53, { protocol, name: protocol === "UDP" ? "dns" : "dns-tcp" });
}

/** Policies that may select the same pods: those of all pods, and those with a selector that has nothing else. */
function othersOf({ object }: ManifestOf<NetworkPolicy>, set: ObjectSet): ManifestOf<NetworkPolicy>[] {
  const own = Object.entries(object.spec?.podSelector?.matchLabels ?? {});
  return set.of<NetworkPolicy>("NetworkPolicy", "networking.k8s.io").filter((other) => {
    if (other.object === object || !mayMeet(other.object, object) || !limits(other.object, "Egress"))
      return false;
    const { matchLabels = {}, matchExpressions = [] } = other.object.spec?.podSelector ?? {};
    const ours = Object.fromEntries(own);
    return (
      matchExpressions.length > 0 || Object.entries(matchLabels).every(([key, value]) => ours[key] === value)
    );
  });
}
