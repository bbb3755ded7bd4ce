import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node, Pod } from "@seaworthy/kube";
import { seededRandom } from "../../random.ts";
import { chooseNode, feasibleNodesToFind } from "./choose-node.ts";
import { describeNoVictims, describeRefusal } from "./describe-refusal.ts";
import { PodIndex } from "./pod-index.ts";
import type { Snapshot } from "./snapshot.ts";

function node(
  name: string,
  fields: { spec?: Node["spec"]; labels?: Record<string, string>; cpu?: string } = {},
): Node {
  const { spec, labels, cpu = "2" } = fields;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } },
    ...(spec === undefined ? {} : { spec }),
    status: {
      allocatable: { cpu, memory: "4Gi", pods: "110" },
      conditions: [{ type: "Ready", status: "True" }],
    },
  };
}

let serial = 0;
function pod(spec: Partial<Pod["spec"]> = {}, cpu = "500m"): Pod {
  serial += 1;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `p${serial}`,
      namespace: "default",
      uid: `u${serial}`,
      labels: { app: "web" },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: "rs", controller: true },
      ],
    },
    spec: { containers: [{ name: "c", resources: { requests: { cpu } } }], ...spec },
  };
}

function indexOf(pods: Pod[]): PodIndex {
  const index = new PodIndex();
  for (const object of pods) index.observe({ type: "added", object });
  return index;
}

function snapshotOf(nodes: Node[], pods: Pod[]): Snapshot {
  return {
    nodes: indexOf(pods).nodeInfos(nodes, pod()),
    sums: new Map(),
    namespaceLabels: (name) => ({ team: name }),
    selectorsOf: () => [selector],
    storage: {
      claim: () => undefined,
      volume: () => undefined,
      volumes: () => [],
      storageClass: () => undefined,
    },
  };
}

/** Places pods one after the other and tells where each went. */
function place(nodes: Node[], pods: Pod[], placed: Pod[] = []): string[] {
  const random = seededRandom(serial);
  return pods.map((one) => {
    const choice = chooseNode(one, snapshotOf(nodes, placed), random);
    if ("refusal" in choice)
      return describeRefusal(
        choice.refusal,
        describeNoVictims(
          choice.refusal.ofNodes.map((own) => (own.some(({ fatal }) => fatal) ? "fatal" : "not")),
        ),
      );
    placed.push({ ...one, spec: { ...one.spec, nodeName: choice.nodeName } });
    return choice.nodeName;
  });
}

const three = [node("n1"), node("n2"), node("n3")];
const selector = { matchLabels: { app: "web" } };

test("pods spread over the nodes, also those that request nothing, and equals are drawn", () => {
  assert.deepEqual(place(three, [pod(), pod(), pod()]).toSorted(), ["n1", "n2", "n3"]);
  const nothing = () => ({
    ...pod({ containers: [{ name: "c" }] }),
    metadata: { ...pod().metadata, labels: {} },
  });
  const counts = new Map<string, number>();
  for (const name of place(three, Array.from({ length: 30 }, nothing)))
    counts.set(name, (counts.get(name) ?? 0) + 1);
  assert.deepEqual([...counts.values()], [10, 10, 10]);
  const firsts = new Set(Array.from({ length: 30 }, () => place(three, [pod()])[0]));
  assert.equal(firsts.size, 3);
});

test("preferences weigh: taints that would rather not, labels, neighbours, images", () => {
  const soft = { spec: { taints: [{ key: "old", effect: "PreferNoSchedule" }] } };
  assert.equal(place([node("n1", soft), node("n2")], [pod()])[0], "n2");
  const labelled = [node("n1"), node("n2", { labels: { disk: "ssd" } })];
  const preference = { matchExpressions: [{ key: "disk", operator: "In", values: ["ssd"] }] };
  const nodeAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 5, preference }] };
  assert.equal(place(labelled, [pod({ affinity: { nodeAffinity } })])[0], "n2");
  const weighted = {
    weight: 100,
    podAffinityTerm: {
      labelSelector: selector,
      topologyKey: "zone",
      namespaceSelector: { matchLabels: { team: "shop" } },
    },
  };
  const zones = [node("n1", { labels: { zone: "a" } }), node("n2", { labels: { zone: "b" } })];
  const there = pod({ nodeName: "n2" }, "0");
  there.metadata.namespace = "shop";
  const podAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [weighted] };
  assert.equal(place(zones, [pod({ affinity: { podAffinity } })], [there])[0], "n2");
  const podAntiAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [weighted] };
  assert.equal(place(zones, [pod({ affinity: { podAntiAffinity } })], [there])[0], "n1");
  const withImage = node("n2");
  withImage.status = { ...withImage.status, images: [{ names: ["app:latest"], sizeBytes: 2 ** 31 }] };
  const containers = [{ name: "c", image: "app" }];
  assert.equal(place([node("n1"), withImage], [pod({ containers })])[0], "n2");
});

test("a port of the host is taken once, on one address or on every", () => {
  const wants = (hostIP?: string, protocol = "TCP") =>
    pod({
      containers: [
        {
          name: "c",
          ports: [{ containerPort: 80, hostPort: 80, protocol, ...(hostIP === undefined ? {} : { hostIP }) }],
        },
      ],
    });
  const one = [node("n1")];
  const isFree = (first: Pod, second: Pod) => place(one, [first, second])[1] === "n1";
  assert.equal(isFree(wants(), wants("10.0.0.1")), false);
  assert.equal(isFree(wants("10.0.0.2"), wants("10.0.0.1")), true);
  assert.equal(isFree(wants(), wants(undefined, "UDP")), true);
});

test("whoever names a node is told of that alone, and who names two in one term goes nowhere", () => {
  const named = (...values: string[]) => {
    const nodeSelectorTerms = [
      { matchFields: values.map((value) => ({ key: "metadata.name", operator: "In", values: [value] })) },
    ];
    return {
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
    };
  };
  assert.match(
    place(three, [pod(named("n1"), "3")])[0] ?? "",
    /^0\/3 nodes are available: 1 Insufficient cpu, 2 node\(s\) didn't satisfy plugin\(s\) \[NodeAffinity\]\. no new claims/,
  );
  assert.equal(
    place(three, [pod(named("n1", "n2"))])[0],
    "0/3 nodes are available: pod affinity terms conflict. not found",
  );
});

test("when nothing fits, the message counts the reasons as Kubernetes does", () => {
  const nodes = [
    node("n1", { cpu: "1" }),
    node("n2", { spec: { unschedulable: true } }),
    node("n3", { spec: { taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] } }),
    node("n4", { spec: { taints: [{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }] } }),
  ];
  assert.equal(
    place(nodes, [pod({}, "3")])[0],
    "0/4 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable, 2 node(s) had untolerated taint(s). " +
      "no new claims to deallocate, preemption: 0/4 nodes are available: 4 fatal.",
  );
  assert.equal(place([], [pod()])[0], "no nodes available to schedule pods");
});

test("what pods request is taken from a node", () => {
  const full = place([node("n1", { cpu: "1" })], [pod(), pod(), pod()]);
  assert.equal(
    full[2],
    "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: " +
      "0/1 nodes are available: 1 not.",
  );
});

test("required anti-affinity keeps two apart, also from the side of the pod that is there", () => {
  const term = { labelSelector: selector, topologyKey: "kubernetes.io/hostname" };
  const apart = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
  const [first, second, third] = place(three.slice(0, 2), [pod(apart), pod(apart), pod()]);
  assert.deepEqual([first, second].toSorted(), ["n1", "n2"]);
  assert.match(third ?? "", /2 node\(s\) didn't satisfy existing pods anti-affinity rules/);
});

test("required affinity lets the first of a group start anywhere, and the others follow", () => {
  const term = { labelSelector: selector, topologyKey: "zone" };
  const together = { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
  const nodes = [node("n1", { labels: { zone: "a" } }), node("n2", { labels: { zone: "b" } })];
  const [first, second] = place(nodes, [pod(together), pod(together)]);
  assert.equal(first, second);
});

test("DoNotSchedule holds the skew between zones", () => {
  const constraint = {
    maxSkew: 1,
    topologyKey: "zone",
    whenUnsatisfiable: "DoNotSchedule",
    labelSelector: selector,
  };
  const spread = { topologySpreadConstraints: [constraint] };
  const nodes = [
    node("n1", { labels: { zone: "a" }, cpu: "64" }),
    node("n2", { labels: { zone: "b" }, cpu: "1" }),
  ];
  const placed = place(nodes, [pod(spread), pod(spread), pod(spread), pod(spread), pod(spread), pod(spread)]);
  assert.deepEqual(placed.slice(0, 5).toSorted(), ["n1", "n1", "n1", "n2", "n2"]);
  assert.match(
    placed[5] ?? "",
    /1 Insufficient cpu, 1 node\(s\) didn't match pod topology spread constraints\./,
  );
});

test("nodeSelector, node affinity and tolerations choose the node", () => {
  const tainted = { spec: { taints: [{ key: "gpu", effect: "NoSchedule" }] }, labels: { disk: "ssd" } };
  const nodes = [node("n1"), node("n2", tainted)];
  const tolerations = [{ key: "gpu", operator: "Exists" }];
  const expression = { key: "disk", operator: "In", values: ["ssd"] };
  const nodeSelectorTerms = [{ matchExpressions: [expression] }];
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
  assert.deepEqual(
    place(nodes, [
      pod({ nodeSelector: { disk: "ssd" }, tolerations }),
      pod({ affinity: { nodeAffinity }, tolerations }),
    ]),
    ["n2", "n2"],
  );
});

test("of many nodes a share is looked at, each time the next", () => {
  assert.deepEqual([1, 99, 100, 1000, 5000, 10_000].map(feasibleNodesToFind), [1, 99, 100, 420, 500, 500]);
  const nodes = Array.from({ length: 1000 }, (_, index) => node(`n${index}`));
  const snapshot = snapshotOf(nodes, []);
  const first = chooseNode(pod(), snapshot, () => 0, 900);
  assert.deepEqual(first, { looked: 420, nodeName: "n900" });
  const last = chooseNode(pod(), snapshot, () => 0.9999, 900);
  assert.deepEqual(last, { looked: 420, nodeName: "n319" });
});
