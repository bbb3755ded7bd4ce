import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { matchesLabelSelector, type LabelSelector, type NetworkPolicy } from "@seaworthy/kube";
import { clusterDnsPod, type PolicyPod } from "./policy-pod.ts";
import { policyRules } from "./policy-rules.ts";
import { passes } from "./testing/filter-packet.ts";

type Spec = NonNullable<NetworkPolicy["spec"]>;

const namespaces: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  shop: { "kubernetes.io/metadata.name": "shop", team: "sales" },
  ops: { "kubernetes.io/metadata.name": "ops", team: "ops" },
  "kube-system": { "kubernetes.io/metadata.name": "kube-system" },
};
const pod = (namespace: string, app: string, ip: string, http: number): PolicyPod => ({
  namespace,
  labels: { app },
  ip,
  ports: [
    { name: "http", protocol: "tcp", port: http },
    { name: "stats", protocol: "udp", port: 8125 },
  ],
});
const web = pod("shop", "web", "10.244.1.2", 8080);
const db = pod("shop", "db", "10.244.2.2", 5432);
const oldWeb = pod("shop", "web", "10.244.2.3", 80);
const monitor = pod("ops", "monitor", "10.244.1.3", 9090);
const opsWeb = pod("ops", "web", "10.244.2.4", 8080);
const pods = [web, db, oldWeb, monitor, opsWeb];
const nodes = [
  { ip: "10.245.0.1", podRange: "10.244.1.0/24" },
  { ip: "10.245.0.2", podRange: "10.244.2.0/24" },
];

let made = 0;
function policy(namespace: string, spec: Spec): NetworkPolicy {
  const metadata = { namespace, name: `policy-${(made += 1)}` };
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
}

function rulesOf(policies: readonly NetworkPolicy[]): string {
  const input = {
    policies,
    pods,
    others: [clusterDnsPod],
    labelsOf: (name: string) => namespaces[name],
    nodes,
    externalIps: ["198.51.100.80"],
  };
  return policyRules(input).text;
}

/** Which pods may connect to which, as `web→db`, at a port. */
function allowed(
  policies: readonly NetworkPolicy[],
  port: number | "http" = "http",
  protocol = "tcp",
): string[] {
  const rules = rulesOf(policies);
  const name = ({ namespace, ip }: PolicyPod) => `${namespace}/${ip.slice("10.244.".length)}`;
  return pods.flatMap((from) =>
    pods.flatMap((to) => {
      const number = port === "http" ? to.ports[0]!.port : port;
      const packet = { hook: "forward", from: from.ip, to: to.ip, protocol, port: number } as const;
      return from !== to && passes(rules, packet) ? [`${name(from)}→${name(to)}`] : [];
    }),
  );
}

const everyPair = allowed([]);
const into = (...targets: PolicyPod[]) =>
  everyPair.filter((pair) => targets.some(({ ip }) => pair.endsWith(`/${ip.slice("10.244.".length)}`)));
const outOf = (...sources: PolicyPod[]) =>
  everyPair.filter((pair) => sources.some(({ ip }) => pair.includes(`/${ip.slice("10.244.".length)}→`)));
const without = (gone: readonly string[], ...back: readonly string[]) =>
  everyPair.filter((pair) => !gone.includes(pair) || back.includes(pair));

test("without a policy everybody reaches everybody, and there is no rule", () => {
  assert.equal(everyPair.length, 20);
  assert.equal(rulesOf([]).includes("chain"), false);
});

test("a policy without rules closes the pods of its namespace that it selects, in its directions", () => {
  const all = policy("shop", { podSelector: {}, policyTypes: ["Ingress"] });
  assert.deepEqual(allowed([all]), without(into(web, db, oldWeb)));
  const out = policy("shop", { podSelector: { matchLabels: { app: "db" } }, policyTypes: ["Egress"] });
  assert.deepEqual(allowed([out]), without(outOf(db)));
  const both = policy("ops", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  assert.deepEqual(allowed([both]), without([...into(monitor, opsWeb), ...outOf(monitor, opsWeb)]));
});

test("one rule that lets through is enough, and an empty one lets all through", () => {
  const closed = policy("shop", { podSelector: {}, policyTypes: ["Ingress"] });
  const open = policy("shop", { podSelector: {}, policyTypes: ["Ingress"], ingress: [{}] });
  assert.deepEqual(allowed([closed, open]), everyPair);
});

test("both the source's and the target's policies must let a packet through", () => {
  const out = policy("shop", {
    podSelector: { matchLabels: { app: "db" } },
    policyTypes: ["Egress"],
    egress: [{}],
  });
  const closed = policy("ops", { podSelector: {}, policyTypes: ["Ingress"] });
  assert.deepEqual(allowed([out, closed]), without(into(monitor, opsWeb)));
});

test("a peer is of the policy's namespace, of the namespaces selected, or of both selectors together", () => {
  const from = (peer: NonNullable<NonNullable<Spec["ingress"]>[number]["from"]>[number]) =>
    allowed([
      policy("shop", {
        podSelector: { matchLabels: { app: "db" } },
        policyTypes: ["Ingress"],
        ingress: [{ from: [peer] }],
      }),
    ]).filter((pair) => into(db).includes(pair));
  const isWeb = { matchLabels: { app: "web" } };
  const ofOps = { matchLabels: { team: "ops" } };
  assert.deepEqual(from({ podSelector: isWeb }), ["shop/1.2→shop/2.2", "shop/2.3→shop/2.2"]);
  assert.deepEqual(from({ podSelector: {} }), ["shop/1.2→shop/2.2", "shop/2.3→shop/2.2"]);
  assert.deepEqual(from({ namespaceSelector: ofOps }), ["ops/1.3→shop/2.2", "ops/2.4→shop/2.2"]);
  assert.deepEqual(from({ namespaceSelector: ofOps, podSelector: isWeb }), ["ops/2.4→shop/2.2"]);
  assert.deepEqual(from({ namespaceSelector: {}, podSelector: isWeb }).length, 3);
  assert.deepEqual(from({ ipBlock: { cidr: "10.244.0.0/16", except: ["10.244.2.0/24", "10.244.1.3/32"] } }), [
    "shop/1.2→shop/2.2",
  ]);
  assert.deepEqual(from({ ipBlock: { cidr: "fd00::/8" } }), []);
});

test("a port is a number, a range, a protocol alone, or a name that each target says the number of", () => {
  const at = (ports: NonNullable<NonNullable<Spec["ingress"]>[number]["ports"]>) => [
    policy("shop", { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ ports }] }),
  ];
  const open = into(web, db, oldWeb);
  const isOpen = (policies: readonly NetworkPolicy[], port: number, protocol?: string) =>
    open.every((pair) => allowed(policies, port, protocol).includes(pair));
  assert.deepEqual(allowed(at([{ port: 80, protocol: "TCP" }]), 80), everyPair);
  assert.deepEqual(allowed(at([{ port: 80, protocol: "TCP" }]), 81), without(open));
  assert.deepEqual(allowed(at([{ port: 80, protocol: "TCP" }]), 80, "udp"), without(open));
  assert.ok(isOpen(at([{ port: 80, endPort: 90, protocol: "TCP" }]), 90));
  assert.ok(!isOpen(at([{ port: 80, endPort: 90, protocol: "TCP" }]), 91));
  assert.ok(isOpen(at([{ protocol: "UDP" }]), 7, "udp"));
  assert.deepEqual(allowed(at([{ port: "http", protocol: "TCP" }])), everyPair);
  // 8080 is http of one of them only.
  assert.deepEqual(allowed(at([{ port: "http" }]), 8080), without(into(db, oldWeb)));
  assert.deepEqual(allowed(at([{ port: "none" }])), without(open));
});

test("names can be allowed by the labels of CoreDNS, a pod's own node is always open, and other nodes are not", () => {
  const dns = { matchLabels: { "k8s-app": "kube-dns" } };
  const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } };
  const rules = rulesOf([
    policy("shop", {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [{ to: [{ podSelector: dns, namespaceSelector }], ports: [{ port: 53, protocol: "UDP" }] }],
    }),
  ]);
  const reaches = (to: string, port: number, protocol: string) =>
    passes(rules, { hook: "input", from: web.ip, to, protocol, port });
  assert.ok(reaches(clusterDnsPod.ip, 53, "udp"));
  assert.ok(!reaches(clusterDnsPod.ip, 53, "tcp"));
  assert.ok(!reaches("10.245.0.254", 6443, "tcp"));
  assert.ok(reaches("10.245.0.1", 30_080, "tcp"));
  assert.ok(!reaches("10.245.0.2", 30_080, "tcp"));
});

test("what is outside is judged before it is led out, but for the addresses that Services have there", () => {
  const rules = rulesOf([
    policy("shop", {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [{ to: [{ ipBlock: { cidr: "198.51.100.0/24", except: ["198.51.100.9/32"] } }] }],
    }),
  ]);
  const leaves = (to: string, from = web.ip) =>
    passes(rules, { hook: "prerouting", from, to, protocol: "tcp", port: 443 });
  assert.ok(leaves("198.51.100.7"));
  assert.ok(!leaves("198.51.100.9"));
  assert.ok(!leaves("203.0.113.1"));
  assert.ok(leaves("203.0.113.1", monitor.ip));
  // Their translation comes after this hook, and they are judged then.
  for (const to of ["198.51.100.80", "10.96.0.10", db.ip]) assert.ok(leaves(to), to);
});

const labels = fc.record({ app: fc.constantFrom("web", "db", "monitor") });
const podSelector: fc.Arbitrary<LabelSelector> = fc.oneof(
  fc.constant({}),
  fc.record({ matchLabels: labels }),
  labels.map(({ app }) => ({ matchExpressions: [{ key: "app", operator: "NotIn", values: [app] }] })),
);
const namespaceSelector = fc.oneof(
  fc.constant({}),
  fc.record({ matchLabels: fc.record({ team: fc.constantFrom("sales", "ops") }) }),
);
const peers = fc.array(
  fc.oneof(
    fc.record({ podSelector }),
    fc.record({ namespaceSelector }),
    fc.record({ podSelector, namespaceSelector }),
    fc.record({
      ipBlock: fc.record({
        cidr: fc.constantFrom("10.244.0.0/16", "10.244.2.0/24", "0.0.0.0/0"),
        except: fc.subarray(["10.244.2.2/32", "10.244.2.0/25"]),
      }),
    }),
  ),
  { maxLength: 3 },
);
const protocol = fc.constantFrom("TCP", "UDP");
const ports = fc.array(
  fc.oneof(
    fc.record({ protocol }),
    fc.record({ protocol, port: fc.constantFrom<number | string>(80, 8125, "http", "stats") }),
    fc.record({ protocol, port: fc.constant(80), endPort: fc.constant(8080) }),
  ),
  { maxLength: 2 },
);
const policies = fc.array(
  fc
    .record({
      namespace: fc.constantFrom("shop", "ops"),
      podSelector,
      policyTypes: fc.subarray(["Ingress", "Egress"], { minLength: 1 }),
      ingress: fc.array(fc.record({ from: peers, ports }), { maxLength: 2 }),
      egress: fc.array(fc.record({ to: peers, ports }), { maxLength: 2 }),
    })
    .map(({ namespace, ...spec }) => policy(namespace, spec as Spec)),
  { maxLength: 4 },
);

test("the rules let through what the API says, packet by packet", () => {
  const packets = fc.record({
    from: fc.constantFrom(...pods),
    to: fc.constantFrom(...pods),
    protocol: fc.constantFrom("tcp", "udp"),
    port: fc.constantFrom(79, 80, 5432, 8080, 8125, 9090),
  });
  fc.assert(
    fc.property(policies, fc.array(packets, { minLength: 10, maxLength: 10 }), (all, sent) => {
      const rules = rulesOf(all);
      for (const { from, to, protocol: spoken, port } of sent) {
        const packet = { hook: "forward", from: from.ip, to: to.ip, protocol: spoken, port } as const;
        assert.equal(passes(rules, packet), says(all, from, to, spoken, port), rules);
      }
    }),
    { numRuns: 400 },
  );
});

/** What the API says of a packet, read sentence by sentence (k8s.io/api/networking/v1 types.go). */
function says(
  all: readonly NetworkPolicy[],
  from: PolicyPod,
  to: PolicyPod,
  spoken: string,
  port: number,
): boolean {
  const isPeer = (
    other: PolicyPod,
    namespace: string,
    { ipBlock, podSelector: own, namespaceSelector: ns }: Peer,
  ) => {
    if (ipBlock !== undefined)
      return isIn(other.ip, ipBlock.cidr) && !(ipBlock.except ?? []).some((range) => isIn(other.ip, range));
    const isThere =
      ns === undefined
        ? other.namespace === namespace
        : matchesLabelSelector(ns, namespaces[other.namespace]);
    return isThere && (own === undefined || matchesLabelSelector(own, other.labels));
  };
  const isPort = ({ protocol: asked = "TCP", port: wanted, endPort }: Port) => {
    if (asked.toLowerCase() !== spoken) return false;
    if (wanted === undefined) return true;
    if (typeof wanted === "number") return port >= wanted && port <= (endPort ?? wanted);
    return to.ports.some((each) => each.name === wanted && each.protocol === spoken && each.port === port);
  };
  const lets = (type: string, pod: PolicyPod, other: PolicyPod) => {
    const own = all.filter(
      ({ metadata, spec }) =>
        metadata.namespace === pod.namespace &&
        spec?.policyTypes?.includes(type) === true &&
        matchesLabelSelector(spec.podSelector as LabelSelector, pod.labels),
    );
    const rules = own.flatMap(({ metadata: { namespace = "" }, spec }) =>
      type === "Ingress"
        ? (spec?.ingress ?? []).map((rule) => ({
            namespace,
            peers: rule.from ?? [],
            ports: rule.ports ?? [],
          }))
        : (spec?.egress ?? []).map((rule) => ({ namespace, peers: rule.to ?? [], ports: rule.ports ?? [] })),
    );
    const isMet = (rule: (typeof rules)[number]) =>
      (rule.peers.length === 0 || rule.peers.some((peer) => isPeer(other, rule.namespace, peer))) &&
      (rule.ports.length === 0 || rule.ports.some((each) => isPort(each)));
    return own.length === 0 || rules.some((rule) => isMet(rule));
  };
  return from === to || (lets("Egress", from, to) && lets("Ingress", to, from));
}

type Rule = NonNullable<Spec["ingress"]>[number];
type Peer = NonNullable<Rule["from"]>[number];
type Port = NonNullable<Rule["ports"]>[number];

/** Whether an address is in a range, bit by bit. */
function isIn(ip: string, range: string): boolean {
  const bits = (address: string) =>
    address
      .split(".")
      .map((part) => Number(part).toString(2).padStart(8, "0"))
      .join("");
  const [network = "", length = ""] = range.split("/");
  return bits(ip).slice(0, Number(length)) === bits(network).slice(0, Number(length));
}
