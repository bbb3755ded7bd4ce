import type { Node } from "@seaworthy/kube";
import { readyStatusOf } from "./node-health.ts";

/** How fast pods may be driven off the nodes of each zone. */
export interface ZoneLimits {
  /** Takes note of how the nodes are. */
  update(nodes: readonly Node[]): ZoneNews;
  /** Whether one more node of this one's zone may be tainted now; it then counts. */
  take(node: Node): boolean;
}

/** Whether all nodes of the cluster are lost since the last look, or some of them are back. */
export type ZoneNews = "all-lost" | "some-back" | undefined;

type ZoneState = "normal" | "partial" | "full";

const evictionsPerSecond = 0.1;
const evictionsPerSecondOfLargeZone = 0.01;
/** A zone with more nodes than this goes on when most of it is lost, slowly. */
const largeZone = 50;
const unhealthyShare = 0.55;

/**
 * Makes limits. When all nodes of the cluster seem lost, the fault is likely with who looks at them, and no pod is driven off.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/nodelifecycle/node_lifecycle_controller.go (handleDisruption)
 */
export function createZoneLimits(now: () => number): ZoneLimits {
  let rates = new Map<string, number>();
  /** When the next node of a zone may be tainted. */
  const nextAtMs = new Map<string, number>();
  let allWereLost = false;
  return {
    update(nodes) {
      const heeded = nodes.filter(({ metadata }) => metadata.labels?.[exclusionLabel] === undefined);
      const zones = Map.groupBy(heeded, zoneOf);
      const states = new Map([...zones].map(([zone, own]) => [zone, zoneStateOf(own)]));
      const areAllLost = states.size > 0 && [...states.values()].every((state) => state === "full");
      rates = new Map(
        [...zones].map(([zone, own]) => [zone, areAllLost ? 0 : rateOf(states.get(zone)!, own.length)]),
      );
      const wereAllLost = allWereLost;
      allWereLost = areAllLost;
      return areAllLost === wereAllLost ? undefined : areAllLost ? "all-lost" : "some-back";
    },
    take(node) {
      const zone = zoneOf(node);
      const rate = rates.get(zone) ?? evictionsPerSecond;
      if (rate === 0 || now() < (nextAtMs.get(zone) ?? 0)) return false;
      nextAtMs.set(zone, now() + 1000 / rate);
      return true;
    },
  };
}

const exclusionLabel = "node.kubernetes.io/exclude-disruption";

/** The state of a zone by its nodes. */
export function zoneStateOf(nodes: readonly Node[]): ZoneState {
  const lost = nodes.filter((node) => readyStatusOf(node) !== "True").length;
  if (lost > 0 && lost === nodes.length) return "full";
  return lost > 2 && lost / nodes.length >= unhealthyShare ? "partial" : "normal";
}

function rateOf(state: ZoneState, size: number): number {
  if (state !== "partial") return evictionsPerSecond;
  return size > largeZone ? evictionsPerSecondOfLargeZone : 0;
}

function zoneOf({ metadata: { labels = {} } }: Node): string {
  return `${labels["topology.kubernetes.io/region"] ?? ""}/${labels["topology.kubernetes.io/zone"] ?? ""}`;
}
