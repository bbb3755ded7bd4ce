import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deployment, Node, Pod, PodSpec } from "@seaworthy/kube";
import type { RolloutEvidence } from "./diagnosis.ts";
import { schedulingTrouble } from "./scheduling-trouble.ts";

interface NodeFields {
  readonly labels?: Record<string, string>;
  readonly spec?: Node["spec"];
  readonly cpu?: string;
  readonly memory?: string;
}

const node = (
  name: string,
  { labels = {}, spec = {}, cpu = "4", memory = "8Gi" }: NodeFields = {},
): Node => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name, labels: { "kubernetes.io/os": "linux", ...labels } },
  spec: { providerID: `seaworthy://${name}`, ...spec },
  status: { allocatable: { cpu, memory, pods: "110" }, conditions: [{ type: "Ready", status: "True" }] },
});

const message = "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.";

function waiting(spec: Partial<PodSpec>, reason = "Unschedulable"): Pod {
  const containers = spec.containers ?? [{ name: "app", image: "shop:1" }];
  const conditions = [{ type: "PodScheduled", status: "False", reason, message }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "shop-a" },
    spec: { ...spec, containers },
    status: { conditions },
  };
}

function running(on: string, cpu: string): Pod {
  const containers = [{ name: "c", image: "c", resources: { requests: { cpu } } }];
  return {
    ...waiting({}),
    metadata: { name: `on-${on}` },
    spec: { nodeName: on, containers },
    status: { phase: "Running" },
  };
}

function look(pod: Pod, nodes: readonly Node[] | undefined, pods: readonly Pod[] = []) {
  const evidence: RolloutEvidence = {
    workload: { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "shop" } } as Deployment,
    replicaSets: [],
    pods: [pod],
    events: [],
    ...(nodes === undefined ? {} : { scheduling: { nodes, pods: [...pods, pod] } }),
  };
  const found = schedulingTrouble(pod, evidence)!;
  return {
    ...found,
    at: found.field.slice(3).join("."),
    all: [found.sentence, found.why, ...found.seen, ...found.next].join("\n"),
  };
}

const requests = (cpu: string, memory = "1Mi") => ({
  containers: [
    { name: "proxy", image: "p", resources: { requests: { cpu: "1m" } } },
    { name: "app", image: "a", resources: { requests: { cpu, memory } } },
  ],
});

test("a nodeSelector for a label that no node has names the label and the nearest one", () => {
  const found = look(waiting({ nodeSelector: { "kubernetes.io/oss": "linux" } }), [node("n1"), node("n2")]);
  assert.equal(found.at, "nodeSelector.kubernetes.io/oss");
  assert.match(found.all, /no node has a label kubernetes\.io\/oss\n.*\n?.*their labels: kubernetes\.io\/os/);
  assert.match(found.next[0] ?? "", /did you mean kubernetes\.io\/os\?/);
  assert.doesNotMatch(found.next.join(), /[Aa]ffinity|preferred/);
  assert.equal(found.certainAfterMs, 0);
});

test("a nodeSelector for a value that no node has names the values that there are", () => {
  const nodes = [node("n1", { labels: { disk: "hdd" } }), node("n2", { labels: { disk: "nvme" } })];
  const found = look(waiting({ nodeSelector: { "kubernetes.io/os": "linux", disk: "ssd" } }), nodes);
  assert.equal(found.at, "nodeSelector.disk");
  assert.match(found.all, /the nodes have disk=hdd, nvme/);
});

test("labels that are there, but on different nodes", () => {
  const nodes = [node("n1", { labels: { disk: "ssd" } }), node("n2", { labels: { gpu: "yes" } })];
  assert.match(look(waiting({ nodeSelector: { disk: "ssd", gpu: "yes" } }), nodes).sentence, /at once/);
});

test("required node affinity is told as such, with what the nodes have", () => {
  const nodeSelectorTerms = [{ matchExpressions: [{ key: "zone", operator: "In", values: ["x", "y"] }] }];
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
  const found = look(waiting({ affinity: { nodeAffinity } }), [node("n1", { labels: { zone: "a" } })]);
  assert.match(found.at, /^affinity\.nodeAffinity/);
  assert.match(found.all, /zone In x, y.*\n.*\nthe nodes have zone=a/);
});

test("taints and cordons", () => {
  const taints = [{ key: "gpu", value: "yes", effect: "NoSchedule" }];
  const found = look(waiting({}), [
    node("n1", { spec: { taints } }),
    node("n2", { spec: { unschedulable: true } }),
  ]);
  assert.equal(found.at, "tolerations");
  assert.match(found.all, /n1 is tainted gpu=yes:NoSchedule\nn2 is cordoned/);
});

test("a request that is larger than every node is certain at once, at the container that asks the most", () => {
  const found = look(waiting(requests("64")), [node("n1"), node("n2", { cpu: "8" })]);
  assert.equal(found.at, "containers.1.resources.requests.cpu");
  assert.match(found.sentence, /requests 64001m cpu/);
  assert.match(found.all, /n2 has 8 cpu in all/);
  assert.equal(found.certainAfterMs, 0);
  const memory = look(waiting(requests("1", "64Gi")), [node("n1")]);
  assert.match(memory.sentence, /requests 64Gi memory/);
});

test("resources that no node has at once", () => {
  const nodes = [node("n1", { cpu: "8", memory: "1Gi" }), node("n2", { cpu: "1", memory: "8Gi" })];
  assert.match(
    look(waiting(requests("4", "4Gi")), nodes).sentence,
    /all that it requests in all: memory and cpu are short/,
  );
});

test("a lack of room is certain only after a while, and not while a pod is going", () => {
  const full = [running("n1", "3"), running("n2", "3500m")];
  const found = look(waiting(requests("2")), [node("n1"), node("n2")], full);
  assert.match(found.all, /no node has as much left/);
  assert.match(found.all, /n1 has 1 cpu left\nn2 has 500m cpu left/);
  assert.ok(found.certainAfterMs !== undefined && found.certainAfterMs > 0);
  const going = { ...full[0]!, metadata: { name: "on-n1", deletionTimestamp: "2026-01-01T00:00:00Z" } };
  assert.equal(look(waiting(requests("2")), [node("n1")], [going]).certainAfterMs, undefined);
});

test("with room left it is the rule about other pods", () => {
  const term = { topologyKey: "kubernetes.io/hostname", labelSelector: {} };
  const podAntiAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [term] };
  const apart = look(waiting({ affinity: { podAntiAffinity } }), [node("n1")]);
  assert.equal(apart.at, "affinity.podAntiAffinity");
  assert.match(apart.next.join(), /preferredDuringScheduling/);
  const spread = { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" };
  assert.equal(
    look(waiting({ topologySpreadConstraints: [spread] }), [node("n1")]).at,
    "topologySpreadConstraints",
  );
});

test("gates, and nodes that may not be read", () => {
  const gated = look(waiting({ schedulingGates: [{ name: "example.com/quota" }] }, "SchedulingGated"), [
    node("n1"),
  ]);
  assert.match(gated.sentence, /waits for example\.com\/quota/);
  const hidden = look(waiting({ nodeSelector: { a: "b" } }), undefined);
  assert.match(hidden.all, /may not be read/);
  assert.equal(hidden.certainAfterMs, undefined);
});

test("on nodes that a cloud may add to, nothing is certain", () => {
  const cloud = node("n1", { spec: { providerID: "aws:///eu-1a/i-1" } });
  assert.equal(look(waiting({ nodeSelector: { disk: "ssd" } }), [cloud]).certainAfterMs, undefined);
});
