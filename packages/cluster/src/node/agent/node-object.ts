import { createHash } from "node:crypto";
import { release } from "node:os";
import type { PodRuntime } from "../runtime/pod-runtime.ts";
import { type Lease, type Node, timestamp } from "@seaworthy/kube";

/** The version that nodes say they have. */
export const kubernetesVersion = "v1.36.3";

/** What each virtual node claims to have. */
const capacity = {
  cpu: "8",
  memory: "16Gi",
  pods: "110",
  "ephemeral-storage": "100Gi",
  "hugepages-1Gi": "0",
  "hugepages-2Mi": "0",
};
const zones = ["zone-a", "zone-b", "zone-c"];
const region = "local";
const instanceType = "seaworthy";

/** The Node object of the `index`th virtual node (from 1), as a kubelet and a cloud make it together. */
export function nodeObject(
  name: string,
  index: number,
  version: string,
  nowMs: number,
  runtime: Pick<PodRuntime, "name" | "network">,
): Node {
  const now = timestamp(nowMs);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: labelsOf(name, index), annotations },
    spec: {
      podCIDR: `${podPrefix(index)}.0/24`,
      podCIDRs: [`${podPrefix(index)}.0/24`],
      providerID: providerId(name),
    },
    status: {
      addresses: [
        { type: "InternalIP", address: hostIp(index) },
        { type: "Hostname", address: name },
      ],
      capacity,
      allocatable: capacity,
      conditions: [
        nodeCondition(
          "MemoryPressure",
          "False",
          "KubeletHasSufficientMemory",
          "kubelet has sufficient memory available",
          now,
        ),
        nodeCondition(
          "DiskPressure",
          "False",
          "KubeletHasNoDiskPressure",
          "kubelet has no disk pressure",
          now,
        ),
        nodeCondition(
          "PIDPressure",
          "False",
          "KubeletHasSufficientPID",
          "kubelet has sufficient PID available",
          now,
        ),
        nodeCondition("Ready", "True", "KubeletReady", "kubelet is posting ready status", now),
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
      images: [],
      nodeInfo: {
        architecture: architecture(),
        bootID: uuidOf(`${name} boot`),
        containerRuntimeVersion: runtimeVersion(runtime),
        kernelVersion: release(),
        // The kubelet leaves it empty since Kubernetes 1.33.
        kubeProxyVersion: "",
        kubeletVersion: version,
        machineID: uuidOf(`${name} machine`).replaceAll("-", ""),
        operatingSystem: "linux",
        osImage: "Seaworthy",
        systemUUID: uuidOf(`${name} system`),
      },
    },
  };
}

/** How pods are kept apart on this machine, where `kubectl get nodes -o wide` shows the container runtime. */
function runtimeVersion({ name, network }: Pick<PodRuntime, "name" | "network">): string {
  if (name === "shim") return "seaworthy-process://1";
  return network === undefined ? "seaworthy-relay://1" : "seaworthy-network://1";
}

/** What manifests select nodes by, the names that were deprecated years ago among them. */
function labelsOf(name: string, index: number): Record<string, string> {
  const zone = zones[(index - 1) % zones.length]!;
  return {
    "beta.kubernetes.io/arch": architecture(),
    "beta.kubernetes.io/instance-type": instanceType,
    "beta.kubernetes.io/os": "linux",
    "failure-domain.beta.kubernetes.io/region": region,
    "failure-domain.beta.kubernetes.io/zone": zone,
    "kubernetes.io/arch": architecture(),
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    "node.kubernetes.io/instance-type": instanceType,
    "topology.kubernetes.io/region": region,
    "topology.kubernetes.io/zone": zone,
  };
}

const annotations = {
  "node.alpha.kubernetes.io/ttl": "0",
  "volumes.kubernetes.io/controller-managed-attach-detach": "true",
};

/** A node has the same identity in every run. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

/** How the cloud, which is this program, knows a node. */
export function providerId(name: string): string {
  return `seaworthy://${name}`;
}

/** A node's own address; nothing listens there. */
export function hostIp(index: number): string {
  return `10.245.${index >> 8}.${index & 255}`;
}

/** How many addresses a node has for pods. */
export const podsPerNode = 252;

/** The `count`th address (from 0) for pods on the `index`th node; `first` is its first octet. */
export function podIpOf(index: number, count: number, first = 10): string {
  return `${podPrefix(index, first)}.${count + 2}`;
}

/** 10.244.0.0/16 has room for 255 nodes, and 10.129.0.0/16 and up for those that come after. */
function podPrefix(index: number, first = 10): string {
  return `${first}.${index < 256 ? 244 : 128 + (index >> 8)}.${index & 255}`;
}

/** The Lease by which a node shows that it lives. */
export function leaseObject(nodeName: string, nowMs: number): Lease {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: nodeName, namespace: "kube-node-lease" },
    spec: { holderIdentity: nodeName, leaseDurationSeconds: 40, renewTime: microTime(nowMs) },
  };
}

/** A metav1.MicroTime. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}

function nodeCondition(type: string, status: string, reason: string, message: string, now: string) {
  return { type, status, reason, message, lastHeartbeatTime: now, lastTransitionTime: now };
}

function architecture(): string {
  return process.arch === "x64" ? "amd64" : process.arch;
}
