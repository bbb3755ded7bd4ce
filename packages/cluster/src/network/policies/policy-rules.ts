import { createHash } from "node:crypto";
import { isIPv4 } from "node:net";
import { matchesLabelSelector, type NetworkPolicy } from "@seaworthy/kube";
import { gatewayIp, insideRanges } from "../../kernel-network/ranges.ts";
import type { NodePlace } from "../pods/node-place.ts";
import type { PolicyPod } from "./policy-pod.ts";

/** What the rules are made of. */
export interface PolicyRulesInput {
  readonly policies: readonly NetworkPolicy[];
  /** The pods that policies are for. */
  readonly pods: readonly PolicyPod[];
  /** Who else may be allowed by labels, though no policy is for it. */
  readonly others: readonly PolicyPod[];
  /** The labels of a namespace. */
  labelsOf(namespace: string): Readonly<Record<string, string>> | undefined;
  readonly nodes: readonly Pick<NodePlace, "ip" | "podRange">[];
  /** Addresses of Services from outside their range (`externalIPs`). */
  readonly externalIps: readonly string[];
}

/**
 * The rules by which NetworkPolicies let packets through, as text for `nft -f` that takes the place of all rules of before in one
 * step. A pod that a policy is for is looked up in a map, once for what it sends and once for what it gets; its chain asks each
 * of its policies, of which one is enough, and drops the rest. Packets are seen after the translation of Services, and the
 * answers of what was let through pass, as the API says (k8s.io/api/networking/v1 types.go).
 */
export function policyRules(input: PolicyRulesInput): { readonly text: string } {
  const sets = createSets(input);
  const ingress = directionRules(input, sets, "ingress");
  const egress = directionRules(input, sets, "egress");
  const isolated = [...new Set([...ingress.elements.keys(), ...egress.elements.keys()])];
  const rules =
    isolated.length === 0
      ? []
      : [
          `table ip ${table} {`,
          ...sets.text(),
          `set itself { type ipv4_addr . ipv4_addr; elements = { ${isolated.map((ip) => `${ip} . ${ip}`).join(", ")} } }`,
          ...egress.text,
          ...ingress.text,
          ...hooks(input),
          "}",
        ];
  // A table that is not there cannot be deleted, so it is made first.
  return { text: [`table ip ${table} { }`, `delete table ip ${table}`, ...rules, ""].join("\n") };
}

const table = "network-policies";

type Direction = "ingress" | "egress";

interface DirectionRules {
  readonly text: readonly string[];
  /** Addresses of pods, and the chain of each. */
  readonly elements: ReadonlyMap<string, string>;
}

function directionRules(input: PolicyRulesInput, sets: Sets, direction: Direction): DirectionRules {
  const policies = input.policies.filter(({ spec }) =>
    (spec?.policyTypes ?? []).some((type) => type.toLowerCase() === direction),
  );
  const used = new Set<NetworkPolicy>();
  const chains = new Map<string, readonly string[]>();
  // The last one has the address, should two of them tell of it for a moment.
  const elements = new Map<string, string>();
  for (const pod of input.pods) {
    const own = policies.filter((policy) => isFor(policy, pod));
    if (own.length === 0) continue;
    for (const policy of own) used.add(policy);
    const names = own.map((policy) => policyChain(policy, direction)).toSorted();
    // Pods with the same policies, as those of one Deployment, have one chain.
    const chain = `${direction}-pods-${hashOf(names)}`;
    chains.set(chain, names);
    elements.set(pod.ip, chain);
  }
  const map = [...elements].map(([ip, chain]) => `${ip} : goto ${chain}`).join(", ");
  const text = [
    ...[...used].flatMap((policy) => [
      `chain ${policyChain(policy, direction)} {`,
      ...rulesOf(policy, direction, sets),
      "}",
    ]),
    ...[...chains].flatMap(([chain, names]) => [
      `chain ${chain} {`,
      ...names.map((name) => `  jump ${name}`),
      "  drop",
      "}",
    ]),
    `map ${direction} { type ipv4_addr : verdict; ${map === "" ? "" : `elements = { ${map} } `}}`,
  ];
  return { text, elements };
}

function isFor({ metadata, spec }: NetworkPolicy, pod: PolicyPod): boolean {
  const selector = spec?.podSelector ?? {};
  return (metadata.namespace ?? "default") === pod.namespace && matchesLabelSelector(selector, pod.labels);
}

function policyChain(
  { metadata: { namespace = "default", name } }: NetworkPolicy,
  direction: Direction,
): string {
  const full = `${namespace}/${name}`;
  // nft allows 128 characters, and a namespace and a name may have more together.
  return `${direction}-policy-${hashOf([full])}-${full.slice(0, 80)}`;
}

type Spec = NonNullable<NetworkPolicy["spec"]>;
type Peer = NonNullable<NonNullable<Spec["ingress"]>[number]["from"]>[number];
type PolicyPort = NonNullable<NonNullable<Spec["ingress"]>[number]["ports"]>[number];

/** A line for each pair of a peer and a port that a policy allows; a list that is absent or empty allows all. */
function rulesOf({ metadata, spec }: NetworkPolicy, direction: Direction, sets: Sets): string[] {
  const { namespace = "default" } = metadata;
  const rules =
    direction === "ingress"
      ? (spec?.ingress ?? []).map(({ from = [], ports = [] }) => ({ peers: from, ports }))
      : (spec?.egress ?? []).map(({ to = [], ports = [] }) => ({ peers: to, ports }));
  const address = direction === "ingress" ? "ip saddr" : "ip daddr";
  return rules.flatMap(({ peers, ports }) => {
    const peerMatches =
      peers.length === 0 ? [[]] : peers.flatMap((peer) => peerMatch(peer, namespace, address, sets));
    const portMatches = ports.length === 0 ? [[]] : ports.flatMap((port) => portMatch(port, sets));
    return peerMatches.flatMap((peer) =>
      portMatches.map((port) => `  ${[...peer, ...port, "accept"].join(" ")}`),
    );
  });
}

/** The conditions under which an address is that of a peer: no list when there is no such address. */
function peerMatch(peer: Peer, namespace: string, address: string, sets: Sets): string[][] {
  const { ipBlock } = peer;
  if (ipBlock !== undefined) {
    if (!isIPv4(ipBlock.cidr.split("/")[0] ?? "")) return [];
    const except = (ipBlock.except ?? []).map((range) => `${address} != ${range}`);
    return [[`${address} ${ipBlock.cidr}`, ...except]];
  }
  const set = sets.pods(namespace, peer);
  return set === undefined ? [] : [[`${address} @${set}`]];
}

function portMatch({ port, endPort, protocol = "TCP" }: PolicyPort, sets: Sets): string[][] {
  const name = protocol.toLowerCase();
  if (port === undefined) return [[`meta l4proto ${name}`]];
  if (typeof port === "number")
    return [[`${name} dport ${endPort === undefined ? port : `${port}-${endPort}`}`]];
  // Which number a name stands for is said by the pod that gets the packet, whichever direction the rule is for.
  const set = sets.ports(name, port);
  return set === undefined ? [] : [[`ip daddr . ${name} dport @${set}`]];
}

/** Sets of addresses, each written once for all rules that need it. */
interface Sets {
  /** The pods that a peer selects; undefined when there are none. */
  pods(namespace: string, peer: Peer): string | undefined;
  /** The ports that pods give a name; undefined when none does. */
  ports(protocol: string, name: string): string | undefined;
  text(): string[];
}

function createSets({ pods, others, labelsOf }: PolicyRulesInput): Sets {
  const all = [...pods, ...others];
  const sets = new Map<string, { readonly type: string; readonly elements: readonly string[] }>();
  function add(name: string, type: string, elements: () => readonly string[]): string | undefined {
    const set = sets.get(name) ?? { type, elements: [...new Set(elements())] };
    sets.set(name, set);
    return set.elements.length === 0 ? undefined : name;
  }
  return {
    pods(namespace, { podSelector, namespaceSelector }) {
      const key = JSON.stringify([namespaceSelector ?? namespace, podSelector ?? {}]);
      return add(`pods-${hashOf([key])}`, "ipv4_addr", () =>
        all
          .filter((pod) =>
            namespaceSelector === undefined
              ? pod.namespace === namespace
              : matchesLabelSelector(namespaceSelector, labelsOf(pod.namespace)),
          )
          .filter(({ labels }) => matchesLabelSelector(podSelector ?? {}, labels))
          .map(({ ip }) => ip),
      );
    },
    ports: (protocol, name) =>
      add(`ports-${protocol}-${name}`, "ipv4_addr . inet_service", () =>
        all.flatMap(({ ip, ports }) =>
          ports.flatMap((each) =>
            each.name === name && each.protocol === protocol ? [`${ip} . ${each.port}`] : [],
          ),
        ),
      ),
    text: () =>
      [...sets].flatMap(([name, { type, elements }]) =>
        elements.length === 0 ? [] : [`set ${name} { type ${type}; elements = { ${elements.join(", ")} } }`],
      ),
  };
}

/**
 * Two hooks for packets between pods, because both policies must agree, and `accept` ends one chain of a hook only. A third is
 * for what pods send to nodes: pods and their own node always reach each other, which is true of what nodes send without a rule.
 * The last is for what they send out of the cluster, before `egress-rules.ts` leads it to another address.
 */
function hooks({ nodes, externalIps }: PolicyRulesInput): string[] {
  const chain = (name: string, hook: string, priority: string, lines: readonly string[]) => [
    `chain ${name} {`,
    `  type filter hook ${hook} priority ${priority};`,
    "  ct state established,related accept",
    ...lines.map((line) => `  ${line}`),
    "}",
  ];
  const own = nodes.map(({ ip, podRange }) => `ip saddr ${podRange} ip daddr ${ip} accept`);
  const inside = [...insideRanges, ...externalIps.filter((ip) => isIPv4(ip))];
  const itself = "ip saddr . ip daddr @itself accept";
  return [
    `set inside { type ipv4_addr; flags interval; auto-merge; elements = { ${inside.join(", ")} } }`,
    ...chain("egress-to-pods", "forward", "filter + 1", [itself, "ip saddr vmap @egress"]),
    ...chain("ingress-to-pods", "forward", "filter + 2", [itself, "ip daddr vmap @ingress"]),
    ...chain("egress-to-nodes", "input", "filter + 1", [
      `ip daddr ${gatewayIp} accept`,
      ...own,
      "ip saddr vmap @egress",
    ]),
    ...chain("egress-to-outside", "prerouting", "mangle", ["ip daddr != @inside ip saddr vmap @egress"]),
  ];
}

function hashOf(words: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(words)).digest("hex").slice(0, 12);
}
