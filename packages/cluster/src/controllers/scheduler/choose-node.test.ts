import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node, Pod } from "@seaworthy/kube";
import { chooseNode } from "./choose-node.ts";
import { nodeInfos } from "./node-info.ts";

function node(
  name: string,
  fields: { spec?: Node["spec"]; labels?: Record<string, string>; cpu?: string; ready?: string } = {},
): Node {
  const { spec, labels, cpu = "2", ready = "True" } = fields;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } },
    ...(spec === undefined ? {} : { spec }),
    status: {
      allocatable: { cpu, memory: "4Gi", pods: "110" },
      conditions: [{ type: "Ready", status: ready }],
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

/** Places pods one after the other and tells where each went. */
function place(nodes: Node[], pods: Pod[]): string[] {
  const placed: Pod[] = [];
  return pods.map((one) => {
    const choice = chooseNode(one, nodeInfos(nodes, placed, new Map()));
    if (!("nodeName" in choice)) return choice.message;
    placed.push({ ...one, spec: { ...one.spec, nodeName: choice.nodeName } });
    return choice.nodeName;
  });
}

const three = [node("n1"), node("n2"), node("n3")];
const selector = { matchLabels: { app: "web" } };

test("pods of one owner spread over the nodes", () => {
  assert.deepEqual(place(three, [pod(), pod(), pod()]), ["n1", "n2", "n3"]);
});

test("when nothing fits, the message counts the reasons as Kubernetes does", () => {
  const nodes = [
    node("n1", { cpu: "1" }),
    node("n2", { spec: { unschedulable: true } }),
    node("n3", { spec: { taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] } }),
    node("n4", { ready: "False" }),
  ];
  assert.equal(
    place(nodes, [pod({}, "3")])[0],
    "0/4 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {gpu: yes}, " +
      "1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }, 1 node(s) were unschedulable. " +
      "preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.",
  );
  assert.equal(place([], [pod()])[0], "no nodes available to schedule pods");
});

test("what pods request is taken from a node", () => {
  const full = place([node("n1", { cpu: "1" })], [pod(), pod(), pod()]);
  assert.equal(
    full[2],
    "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: " +
      "1 No preemption victims found for incoming pod.",
  );
});

test("required anti-affinity keeps two apart, also from the side of the pod that is there", () => {
  const term = { labelSelector: selector, topologyKey: "kubernetes.io/hostname" };
  const apart = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
  const [first, second, third] = place(three.slice(0, 2), [pod(apart), pod(apart), pod()]);
  assert.deepEqual([first, second], ["n1", "n2"]);
  assert.match(third ?? "", /2 node\(s\) didn't satisfy existing pods anti-affinity rules/);
});

test("required affinity lets the first of a group start anywhere, and the others follow", () => {
  const term = { labelSelector: selector, topologyKey: "zone" };
  const together = { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
  const nodes = [node("n1", { labels: { zone: "a" } }), node("n2", { labels: { zone: "b" } })];
  assert.deepEqual(place(nodes, [pod(together), pod(together)]), ["n1", "n1"]);
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
