import type { Lease, Node } from "@seaworthy/kube";
import { timestamp } from "../controllers/timestamp.ts";

/** What each virtual node claims to have. */
const capacity = { cpu: "8", memory: "16Gi", pods: "110", "ephemeral-storage": "100Gi" };
const zones = ["zone-a", "zone-b", "zone-c"];

/** The Node object of the `index`th virtual node (from 1). */
export function nodeObject(name: string, index: number, version: string, nowMs: number): Node {
  const now = timestamp(nowMs);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": architecture(),
        "topology.kubernetes.io/zone": zones[(index - 1) % zones.length]!,
        "topology.kubernetes.io/region": "local",
      },
    },
    spec: { podCIDR: `10.244.${index}.0/24`, podCIDRs: [`10.244.${index}.0/24`] },
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
      nodeInfo: {
        architecture: architecture(),
        bootID: "",
        containerRuntimeVersion: "seaworthy://1",
        kernelVersion: "",
        kubeProxyVersion: version,
        kubeletVersion: version,
        machineID: "",
        operatingSystem: "linux",
        osImage: "Seaworthy",
        systemUUID: "",
      },
    },
  };
}

/** A node's own address; nothing listens there. */
export function hostIp(index: number): string {
  return `10.245.0.${index}`;
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
