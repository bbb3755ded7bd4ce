import { matchesLabelSelector, type NetworkPolicy } from "@seaworthy/kube";
import { mayMeet, type ManifestOf, type ObjectSet } from "../object-set.ts";
import type { PodSource } from "../pod-source.ts";

/** The NetworkPolicies that select a pod, for what comes in or for what goes out. */
export function policiesOf(
  pod: PodSource,
  direction: "Ingress" | "Egress",
  set: ObjectSet,
): ManifestOf<NetworkPolicy>[] {
  // Policies are not about pods in the node's network.
  if (pod.spec.hostNetwork === true) return [];
  const index = indexOf(set);
  return ["", ...Object.entries(pod.labels).map(([key, value]) => `${key}=${value}`)]
    .flatMap((pair) => index.get(pair) ?? [])
    .filter(
      ({ object }) =>
        mayMeet(object, pod.manifest.object) &&
        limits(object, direction) &&
        matchesLabelSelector(object.spec?.podSelector ?? {}, pod.labels),
    );
}

type PolicyIndex = ReadonlyMap<string, readonly ManifestOf<NetworkPolicy>[]>;

/** Policies by the first label that they select by; "" where there is none. Each pod asks, and there may be thousands of both. */
function indexOf(set: ObjectSet): PolicyIndex {
  const known = indexes.get(set);
  if (known !== undefined) return known;
  const index = Map.groupBy(
    set.of<NetworkPolicy>("NetworkPolicy", "networking.k8s.io"),
    ({ object: { spec } }) => {
      const [first] = Object.entries(spec?.podSelector?.matchLabels ?? {});
      return first === undefined ? "" : `${first[0]}=${first[1]}`;
    },
  );
  indexes.set(set, index);
  return index;
}

const indexes = new WeakMap<ObjectSet, PolicyIndex>();

/** Whether a policy says anything of a direction: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/ */
export function limits({ spec }: NetworkPolicy, direction: "Ingress" | "Egress"): boolean {
  const types = spec?.policyTypes ?? ["Ingress", ...(spec?.egress === undefined ? [] : ["Egress"])];
  return types.includes(direction);
}

/** A rule of a policy: whom it lets, and at which ports. */
export interface PolicyRule {
  readonly peers: readonly PolicyPeer[] | undefined;
  readonly ports: readonly PolicyPort[] | undefined;
}

export type PolicyPeer = NonNullable<
  NonNullable<NonNullable<NetworkPolicy["spec"]>["ingress"]>[number]["from"]
>[number];

type PolicyPort = NonNullable<
  NonNullable<NonNullable<NetworkPolicy["spec"]>["ingress"]>[number]["ports"]
>[number];

/** The rules of a policy for a direction. */
export function rulesOf({ spec }: NetworkPolicy, direction: "Ingress" | "Egress"): PolicyRule[] {
  const rules =
    direction === "Ingress"
      ? (spec?.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
      : (spec?.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
  return rules.map(({ peers, ports }) => ({
    peers: (peers?.length ?? 0) === 0 ? undefined : peers,
    ports: (ports?.length ?? 0) === 0 ? undefined : ports,
  }));
}

/** Whether a rule lets a port through, by its number, or by its name in the pod that has it. */
export function letsPort(
  { ports }: PolicyRule,
  number: number,
  {
    protocol = "TCP",
    name,
  }: { readonly protocol?: string | undefined; readonly name?: string | undefined } = {},
): boolean {
  if (ports === undefined) return true;
  return ports.some((each) => {
    if ((each.protocol ?? "TCP") !== protocol) return false;
    if (each.port === undefined) return true;
    if (/^\d+$/.test(String(each.port)))
      return number >= Number(each.port) && number <= (each.endPort ?? Number(each.port));
    return each.port === name;
  });
}
