import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container, Node, Pod, PodSpec } from "@seaworthy/kube";
import { rejectedStatus, rejectionOf } from "./admit-pod.ts";

const node: Node = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "node-1", labels: { disk: "fast" } },
  spec: { taints: [{ key: "soft", effect: "NoSchedule" }] },
  status: { allocatable: { cpu: "2", memory: "1Gi", pods: "3", "example.com/gpu": "1" } },
};
const evicting: Node = { ...node, spec: { taints: [{ key: "gone", effect: "NoExecute" }] } };
const port = pod({}, { ports: [{ containerPort: 80, hostPort: 8080 }] });
const half = requesting({ cpu: "500m" });

const cases: readonly [
  name: string,
  pod: Pod,
  others: readonly Pod[],
  message: string | undefined,
  at?: Node,
][] = [
  ["what fits, past a taint that only the scheduler heeds", requesting({ cpu: "2" }), [], undefined],
  [
    "more CPU than is left",
    requesting({ cpu: "1600m" }),
    [half],
    "OutOfcpu: Node didn't have enough resource: cpu, requested: 1600, used: 500, capacity: 2000",
  ],
  [
    "more memory than there is",
    requesting({ memory: "2Gi" }),
    [],
    "OutOfmemory: Node didn't have enough resource: memory, requested: 2147483648, used: 0, capacity: 1073741824",
  ],
  ["a pod's own parameter of the kernel", sysctl("net.ipv4.tcp_syncookies"), [], undefined],
  [
    "one of the node's network",
    sysctl("net/ipv4/tcp_syncookies", true),
    [],
    'SysctlForbidden: forbidden sysctl: "net.ipv4.tcp_syncookies" not allowed with host net enabled',
  ],
  [
    "one that the kubelet does not know to be harmless",
    sysctl("net.core.somaxconn"),
    [],
    'SysctlForbidden: forbidden sysctl: "net.core.somaxconn" not allowlisted',
  ],
  [
    "one pod too many",
    pod(),
    [pod(), pod(), pod()],
    "OutOfpods: Node didn't have enough resource: pods, requested: 1, used: 3, capacity: 3",
  ],
  [
    "an extended resource that is used up",
    requesting({ "example.com/gpu": "1" }),
    [requesting({ "example.com/gpu": "1" })],
    "OutOfexample.com/gpu: Node didn't have enough resource: example.com/gpu, requested: 1, used: 1, capacity: 1",
  ],
  ["an extended resource that the node does not know", requesting({ "example.com/tpu": "1" }), [], undefined],
  [
    "labels that the node does not have",
    pod({ nodeSelector: { disk: "slow" } }),
    [],
    "NodeAffinity: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  ],
  [
    "a port of the host that is taken",
    port,
    [port],
    "NodePorts: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
  ],
  [
    "a taint that evicts",
    pod(),
    [],
    "TaintToleration: Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate",
    evicting,
  ],
  ["a taint that evicts, tolerated", pod({ tolerations: [{ operator: "Exists" }] }), [], undefined, evicting],
];

for (const [name, candidate, others, message, at = node] of cases) {
  test(`a node ${message === undefined ? "takes" : "refuses"} ${name}`, () => {
    const rejection = rejectionOf(candidate, at, others);
    assert.equal(rejection && `${rejection.reason}: ${rejection.message}`, message);
  });
}

test("a pod that was refused has failed, and says why", () => {
  const status = rejectedStatus(half, { reason: "OutOfcpu", message: "none left" }, 0);
  assert.deepEqual(status, {
    phase: "Failed",
    reason: "OutOfcpu",
    message: "Pod was rejected: none left",
    startTime: "1970-01-01T00:00:00Z",
    qosClass: "Burstable",
  });
});

function requesting(requests: Record<string, string>): Pod {
  return pod({}, { resources: { requests } });
}

function pod(spec: Partial<PodSpec> = {}, container: Partial<Container> = {}): Pod {
  const containers = [{ name: "app", image: "app", ...container }];
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "pod" }, spec: { containers, ...spec } };
}

function sysctl(name: string, hostNetwork = false): Pod {
  return pod({ hostNetwork, securityContext: { sysctls: [{ name, value: "1" }] } });
}
