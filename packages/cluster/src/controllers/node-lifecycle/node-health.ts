import { parseTimestamp, timestamp, type Lease, type Node } from "@seaworthy/kube";

/** A condition of a node. */
export type NodeCondition = NonNullable<NonNullable<Node["status"]>["conditions"]>[number];

/** When a node was last heard of, and by what it is noticed that it is heard of again. */
export interface NodeHealth {
  readonly heardAtMs: number;
  readonly hasStatus: boolean;
  readonly heartbeat: string | undefined;
  readonly renewTime: string | undefined;
}

/** What the conditions of a node say of it. */
export function readyStatusOf(node: Node): string {
  return readyConditionOf(node)?.status ?? "Unknown";
}

/**
 * Looks at a node again. Times in the objects are only compared with one another, because the node's clock may be another.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/nodelifecycle/node_lifecycle_controller.go (tryUpdateNodeHealth)
 */
export function observeHealth(
  before: NodeHealth | undefined,
  node: Node,
  lease: Lease | undefined,
  nowMs: number,
): NodeHealth {
  const ready = readyConditionOf(node);
  const hasStatus = ready !== undefined;
  const heartbeat = ready?.lastHeartbeatTime;
  const renewTime = lease?.spec?.renewTime ?? before?.renewTime;
  const isHeard =
    before === undefined
      ? hasStatus
      : before.hasStatus !== hasStatus ||
        before.heartbeat !== heartbeat ||
        (renewTime ?? "") > (before.renewTime ?? "");
  const createdMs = parseTimestamp(node.metadata.creationTimestamp) ?? nowMs;
  return { heardAtMs: isHeard ? nowMs : (before?.heardAtMs ?? createdMs), hasStatus, heartbeat, renewTime };
}

/** The conditions of a node of which nothing is heard; the same ones where they say so already. */
export function silentConditions(node: Node, nowMs: number): readonly NodeCondition[] {
  const before = node.status?.conditions ?? [];
  const now = timestamp(nowMs);
  const told = before.map((condition) =>
    isNodesOwn(condition) && condition.status !== "Unknown"
      ? { ...condition, ...unknown, lastTransitionTime: now }
      : condition,
  );
  const missing = ownTypes
    .filter((type) => !before.some((condition) => condition.type === type))
    .map((type) => ({
      type,
      status: "Unknown",
      reason: "NodeStatusNeverUpdated",
      message: "Kubelet never posted node status.",
      ...(node.metadata.creationTimestamp === undefined
        ? {}
        : { lastHeartbeatTime: node.metadata.creationTimestamp }),
      lastTransitionTime: now,
    }));
  return [...told, ...missing];
}

const unknown = {
  status: "Unknown",
  reason: "NodeStatusUnknown",
  message: "Kubelet stopped posting node status.",
};

/** NetworkUnavailable is not the kubelet's to tell. */
const ownTypes: readonly string[] = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

function isNodesOwn({ type }: NodeCondition): boolean {
  return ownTypes.includes(type);
}

function readyConditionOf({ status }: Node): NodeCondition | undefined {
  return status?.conditions?.find(({ type }) => type === "Ready");
}
