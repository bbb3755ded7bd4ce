import type { Change } from "@seaworthy/client";
import { hasPodEnded, isPodActive, type Node, type Pod } from "@seaworthy/kube";
import { priorityOf } from "./find-victims.ts";
import { nodeInfo, type NodeInfo } from "./node-info.ts";
import type { KnownSums } from "./over-nodes.ts";

/**
 * Which pods are on which node, which wait for one, and which made room for themselves: kept up to date change by change,
 * because a look at all pods for each pod that is to be placed would take too long where there are thousands.
 */
export class PodIndex {
  /** What was summed up over the nodes for the pods so far. */
  readonly sums: KnownSums = new Map();
  readonly #byNode = new Map<string, Map<string, Pod>>();
  /** By the node's name; those of nodes whose pods have changed since are left out. */
  readonly #infos = new Map<string, NodeInfo>();
  /** What was given last, and where each node stands in it. */
  #latest: {
    readonly nodes: readonly Node[];
    readonly infos: readonly NodeInfo[];
    readonly places: ReadonlyMap<string, number>;
  } = { nodes: [], infos: [], places: new Map() };
  /** The nodes whose pods have changed since then. */
  readonly #changed = new Set<string>();
  readonly #placed = new Map<string, string>();
  readonly #assumed = new Map<string, string>();
  /** By their priority, of which there are few. */
  readonly #waiting = new Map<number, Map<string, Pod>>();
  readonly #nominated = new Map<string, Pod>();

  observe({ type, object: pod }: Change<Pod>): void {
    const uid = uidOf(pod);
    const isGone = type === "deleted";
    const nodeName = pod.spec.nodeName ?? "";
    if (isGone || nodeName !== "") this.#assumed.delete(uid);
    this.#place(pod, isGone || hasPodEnded(pod) ? "" : nodeName || (this.#assumed.get(uid) ?? ""));
    this.#keepWaiting(pod, !isGone && isWaiting(pod));
    const isNominated = nodeName === "" && (pod.status?.nominatedNodeName ?? "") !== "";
    keep(this.#nominated, pod, !isGone && isNominated && !hasPodEnded(pod));
  }

  /** Takes it that a pod is on a node, until the cache shows where it is. */
  assume(pod: Pod, nodeName: string): void {
    this.#assumed.set(uidOf(pod), nodeName);
    this.#place(pod, nodeName);
  }

  /** The pod did not get the node after all. */
  giveUp(pod: Pod): void {
    if (this.#assumed.delete(uidOf(pod))) this.#place(pod, "");
  }

  isAssumed(pod: Pod): boolean {
    return this.#assumed.has(uidOf(pod));
  }

  /** The pods that wait for a node and are more important than this one, the most important first. */
  moreImportant(pod: Pod): readonly Pod[] {
    return [...this.#waiting]
      .filter(([priority]) => priority > priorityOf(pod))
      .toSorted(([left], [right]) => right - left)
      .flatMap(([, pods]) => [...pods.values()]);
  }

  /** The nodes as they are for a pod: room that others made for themselves is theirs, unless this one is more important. */
  nodeInfos(nodes: readonly Node[], pod: Pod): readonly NodeInfo[] {
    const guests = new Map<string, Pod[]>();
    for (const other of this.#nominated.values()) {
      const nodeName = other.status?.nominatedNodeName ?? "";
      const counts = uidOf(other) !== uidOf(pod) && priorityOf(other) >= priorityOf(pod);
      if (counts && !this.isAssumed(other)) guests.set(nodeName, [...(guests.get(nodeName) ?? []), other]);
    }
    const infos = this.#infosOf(nodes);
    if (guests.size === 0) return infos;
    return infos.map((known) => {
      const more = guests.get(known.node.metadata.name);
      return more === undefined ? known : nodeInfo(known.node, [...known.pods, ...more]);
    });
  }

  /** Looks only at what has changed since the last time, because one pod after the other asks. */
  #infosOf(nodes: readonly Node[]): readonly NodeInfo[] {
    const { nodes: before, infos, places } = this.#latest;
    const isSame = nodes.length === before.length && nodes.every((node, place) => node === before[place]);
    if (isSame) {
      const next = [...infos];
      for (const name of this.#changed) {
        const place = places.get(name);
        if (place !== undefined) next[place] = this.#infoOf(nodes[place]!);
      }
      this.#latest = { nodes, infos: next, places };
    } else {
      const next = nodes.map((node) => this.#infoOf(node));
      this.#latest = {
        nodes,
        infos: next,
        places: new Map(nodes.map(({ metadata }, place) => [metadata.name, place])),
      };
    }
    this.#changed.clear();
    return this.#latest.infos;
  }

  #keepWaiting(pod: Pod, waits: boolean): void {
    const uid = uidOf(pod);
    const own = priorityOf(pod);
    for (const [priority, pods] of this.#waiting) {
      if (waits && priority === own) continue;
      pods.delete(uid);
      if (pods.size === 0) this.#waiting.delete(priority);
    }
    if (!waits) return;
    const pods = this.#waiting.get(own) ?? new Map<string, Pod>();
    this.#waiting.set(own, pods.set(uid, pod));
  }

  #infoOf(node: Node): NodeInfo {
    const { name } = node.metadata;
    const known = this.#infos.get(name);
    if (known?.node === node) return known;
    const info = nodeInfo(node, [...(this.#byNode.get(name)?.values() ?? [])]);
    this.#infos.set(name, info);
    return info;
  }

  #place(pod: Pod, nodeName: string): void {
    const uid = uidOf(pod);
    const before = this.#placed.get(uid) ?? "";
    if (before !== "" && before !== nodeName) {
      this.#byNode.get(before)?.delete(uid);
      this.#forgetInfo(before);
      this.#placed.delete(uid);
    }
    if (nodeName === "") return;
    const pods = this.#byNode.get(nodeName) ?? new Map<string, Pod>();
    this.#byNode.set(nodeName, pods.set(uid, pod));
    this.#forgetInfo(nodeName);
    this.#placed.set(uid, nodeName);
  }

  #forgetInfo(nodeName: string): void {
    this.#infos.delete(nodeName);
    this.#changed.add(nodeName);
  }
}

/** Whether the default scheduler has to find a node for the pod. */
export function isWaiting(pod: Pod): boolean {
  const { spec } = pod;
  return (
    (spec.nodeName ?? "") === "" &&
    isPodActive(pod) &&
    (spec.schedulerName ?? "default-scheduler") === "default-scheduler" &&
    (spec.schedulingGates ?? []).length === 0
  );
}

function keep(pods: Map<string, Pod>, pod: Pod, isIn: boolean): void {
  if (isIn) pods.set(uidOf(pod), pod);
  else pods.delete(uidOf(pod));
}

function uidOf({ metadata }: Pod): string {
  return metadata.uid ?? "";
}
