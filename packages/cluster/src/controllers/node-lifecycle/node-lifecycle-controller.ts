import {
  hasPodEnded,
  resourceTypes,
  withCondition,
  type Lease,
  type Node,
  type Pod,
  type PodCondition,
  type Taint,
} from "@seaworthy/kube";
import type { Heartbeats } from "../../heartbeats/heartbeats.ts";
import type { EventRecorder } from "../../event-recorder.ts";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { unlessNotFound } from "../reconciler/unless-not-found.ts";
import { observeHealth, readyStatusOf, silentConditions, type NodeHealth } from "./node-health.ts";
import { isBeingLeft, withNoExecuteTaint, withNoScheduleTaints } from "./node-taints.ts";
import { createZoneLimits } from "./zone-limits.ts";

/** How long nothing may be heard of one that has never told its status. */
const startupGraceMs = 60_000;

/**
 * Looks at all nodes again and again: of which nothing is heard becomes unknown, its pods not ready, and it is tainted so that pods
 * leave it. A node's conditions and its being cordoned become taints at once.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/nodelifecycle/node_lifecycle_controller.go
 */
export async function startNodeLifecycleController(
  context: ControllerContext,
  { graceMs, lookPeriodMs }: Pick<Heartbeats, "graceMs" | "lookPeriodMs">,
): Promise<AsyncDisposable> {
  const { clock, informers } = context;
  const nodes = informers.of<Node>(resourceTypes.nodes);
  const pods = informers.of<Pod>(resourceTypes.pods);
  const leases = informers.of<Lease>(resourceTypes.leases);
  const monitor = createMonitor(context, graceMs);
  return await startReconciler(context, {
    name: "node-controller",
    watches: [
      watch(nodes, ({ type, object }) => (type === "deleted" ? [] : [`${ofNode}/${object.metadata.name}`])),
      // Who comes to a node that is lost, as pods of DaemonSets do, is not ready from the start.
      watch(pods, (change) =>
        change.type === "deleted" ||
        (change.type === "updated" && change.old.spec.nodeName === change.object.spec.nodeName)
          ? []
          : [keyOf(change.object)],
      ),
      { synced: leases.synced, subscribe: (add) => (add(everything), () => {}) },
    ],
    async sync(key, { add, events }) {
      const { namespace, name } = splitKey(key);
      if (key === everything) {
        add({ key, afterMs: lookPeriodMs });
        return await monitor.look(events);
      }
      if (namespace === ofNode) {
        const node = nodes.get(undefined, name);
        const taints = node === undefined ? undefined : withNoScheduleTaints(node, clock.now());
        return taints === undefined ? undefined : await setTaints(context, node!, taints);
      }
      const pod = pods.get(namespace, name);
      const node = nodes.get(undefined, pod?.spec.nodeName ?? "");
      if (pod !== undefined && node !== undefined && readyStatusOf(node) !== "True")
        await markNotReady(context, [pod], events);
    },
  });
}

const everything = "/";
/** No namespace has this name. */
const ofNode = "*nodes*";

function createMonitor(context: ControllerContext, graceMs: number) {
  const { client, clock, informers } = context;
  const nodes = informers.of<Node>(resourceTypes.nodes);
  const pods = informers.of<Pod>(resourceTypes.pods);
  const leases = informers.of<Lease>(resourceTypes.leases);
  const limits = createZoneLimits(() => clock.now());
  const healths = new Map<string, NodeHealth>();
  /** By name, as they were seen first, for the event of their end. */
  const known = new Map<string, Node>();
  /** Nodes whose pods could not all be marked. */
  const unmarked = new Set<string>();
  let lookedAtMs = clock.now();

  async function look(events: EventRecorder): Promise<void> {
    const nowMs = clock.now();
    // A program that stood still has heard of nobody, and the nodes may have stood still with it.
    const stoodStill = nowMs - lookedAtMs > graceMs / 2;
    lookedAtMs = nowMs;
    tellOfNodes(events);
    if (stoodStill) hearAnew(nowMs);
    const podsOf = podsByNode();
    const seen = await Promise.all(nodes.list().map((node) => judge(node, podsOf, events)));
    const news = limits.update(seen);
    if (news === "some-back") hearAnew(nowMs);
    const isDriving = news !== "all-lost";
    for (const node of seen) await driveOff(node, isDriving);
  }

  function tellOfNodes(events: EventRecorder): void {
    for (const node of nodes.list()) {
      const { name } = node.metadata;
      if (known.has(name)) continue;
      known.set(name, node);
      const what = `Registered Node ${name} in Controller`;
      events.event(node, "Normal", "RegisteredNode", `Node ${name} event: ${what}`);
    }
    for (const [name, node] of known) {
      if (nodes.get(undefined, name) !== undefined) continue;
      known.delete(name);
      healths.delete(name);
      unmarked.delete(name);
      const what = `Removing Node ${name} from Controller`;
      events.event(node, "Normal", "RemovingNode", `Node ${name} event: ${what}`);
    }
  }

  function hearAnew(nowMs: number): void {
    for (const [name, health] of healths) healths.set(name, { ...health, heardAtMs: nowMs });
  }

  /** The node as it is after it was looked at. */
  async function judge(
    node: Node,
    podsOf: (name: string) => readonly Pod[],
    events: EventRecorder,
  ): Promise<Node> {
    const { name } = node.metadata;
    const nowMs = clock.now();
    const lease = leases.get("kube-node-lease", name);
    const health = observeHealth(healths.get(name), node, lease, nowMs);
    healths.set(name, health);
    const isSilent =
      nowMs > health.heardAtMs + (health.hasStatus ? graceMs : Math.max(graceMs, startupGraceMs));
    const after = isSilent ? await tellSilence(node, nowMs) : node;
    healths.set(name, { ...health, hasStatus: observeHealth(health, after, lease, nowMs).hasStatus });
    const isLost = readyStatusOf(after) !== "True";
    if (isLost && readyStatusOf(node) === "True") {
      events.event(node, "Normal", "NodeNotReady", `Node ${name} status is now: NodeNotReady`);
      unmarked.add(name);
    }
    if (!isLost) unmarked.delete(name);
    if (unmarked.has(name) && (await markNotReady(context, podsOf(name), events))) unmarked.delete(name);
    return after;
  }

  /** Finds the pods of a node. All pods are looked at once, however many nodes are lost together, and only if one is. */
  function podsByNode(): (name: string) => readonly Pod[] {
    let byNode: Map<string, Pod[]> | undefined;
    return (name) => {
      byNode ??= Map.groupBy(pods.list(), ({ spec }) => spec.nodeName ?? "");
      // They may have changed since.
      return (byNode.get(name) ?? []).flatMap(
        ({ metadata }) => pods.get(metadata.namespace, metadata.name) ?? [],
      );
    };
  }

  async function tellSilence(node: Node, nowMs: number): Promise<Node> {
    const conditions = silentConditions(node, nowMs);
    if (conditions.every((condition) => node.status?.conditions?.includes(condition) === true)) return node;
    const silent = { ...node, status: { ...node.status, conditions: [...conditions] } };
    return await client.update<Node>(resourceTypes.nodes, silent, "status");
  }

  async function driveOff(node: Node, isDriving: boolean): Promise<void> {
    const isLost = readyStatusOf(node) !== "True" && isDriving;
    const taints = withNoExecuteTaint(node, isLost, clock.now());
    if (taints === undefined) return;
    // From one such taint to the other a node changes at once.
    if (isLost && !isBeingLeft(node) && !limits.take(node)) return;
    await setTaints(context, node, taints);
  }

  return { look };
}

async function setTaints({ client }: ControllerContext, { metadata }: Node, taints: readonly Taint[]) {
  const patch = { metadata: { resourceVersion: metadata.resourceVersion }, spec: { taints } };
  await client
    .patch<Node>(resourceTypes.nodes, undefined, metadata.name, "merge", patch)
    .catch(unlessNotFound);
}

/** Marks those pods as not ready that are ready. Says whether all of them could be. */
async function markNotReady(
  { client, clock }: ControllerContext,
  pods: readonly Pod[],
  events: EventRecorder,
): Promise<boolean> {
  const marked = pods.flatMap((pod) => {
    const ready = pod.status?.conditions?.find(({ type }) => type === "Ready");
    return ready?.status !== "True" || hasPodEnded(pod) ? [] : [{ pod, ready }];
  });
  const results = await Promise.allSettled(
    marked.map(async ({ pod, ready }) => {
      const { lastTransitionTime: _, ...condition } = ready;
      const conditions = withCondition<PodCondition>(
        pod.status?.conditions,
        { ...condition, status: "False" },
        clock.now(),
      );
      const changed = { ...pod, status: { ...pod.status, conditions } };
      await client.update<Pod>(resourceTypes.pods, changed, "status").catch(unlessNotFound);
      events.event(pod, "Warning", "NodeNotReady", "Node is not ready");
    }),
  );
  return results.every(({ status }) => status === "fulfilled");
}
