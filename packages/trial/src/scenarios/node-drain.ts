import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, isNotFound } from "@seaworthy/client";
import { SeaworthyError } from "@seaworthy/errors";
import { resourceTypes, type KubeObject, type Node } from "@seaworthy/kube";
import type { PodLife } from "../timeline/timeline.ts";
import { servingPods, untilGone, untilReady } from "./serving-pods.ts";
import type { Scenario, Stage } from "./scenario.ts";

/** kubectl drain waits as long between two tries of an eviction that a budget forbids, and begins with less. */
const retryMs = 1_000;

/**
 * Each node with pods of the service is drained in turn, as for an upgrade: cordoned, its pods of the service evicted, as the
 * budgets allow, and given back. Pods of others stay where they are.
 */
export const nodeDrain: Scenario = {
  name: "node-drain",
  pods: "asked",
  async unfit({ client }) {
    const { items } = await client.list<Node>(resourceTypes.nodes);
    const open = items.filter(({ spec }) => spec?.["unschedulable"] !== true);
    return open.length > 1 ? undefined : "there is one node only, and its pods have nowhere to go";
  },
  estimateMs: ({ startMs, endMs }) => startMs + endMs,
  async act(stage) {
    const nodes = [...new Set(servingPods(stage, stage.deployments).flatMap(({ node }) => node ?? []))];
    const rounds = Math.min(stage.rounds ?? nodes.length, nodes.length);
    for (const [index, node] of nodes.slice(0, rounds).entries()) {
      stage.onEvent({ type: "round-start", round: index + 1, rounds });
      await drain(stage, node);
    }
    return rounds;
  },
};

async function drain(stage: Stage, node: string): Promise<void> {
  const { deployments } = stage;
  const sizes = deployments.map((each) => servingPods(stage, [each]).length);
  await cordon(stage, node, true);
  try {
    const leaving = servingPods(stage, deployments).filter((pod) => pod.node === node);
    await Promise.all(leaving.map((pod) => evict(stage, pod)));
    await untilGone(stage, leaving);
    await Promise.all(deployments.map((each, index) => untilReady(stage, each, sizes[index]!)));
  } finally {
    await cordon(stage, node, false);
  }
}

async function cordon({ client }: Stage, node: string, unschedulable: boolean): Promise<void> {
  await client.patch<KubeObject>(resourceTypes.nodes, undefined, node, "merge", { spec: { unschedulable } });
}

/** Asks until the budgets allow it, or for as long as nothing may stand still. */
async function evict({ client, timeoutMs, signal }: Stage, pod: PodLife): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      await client.evict(pod.namespace, pod.name);
      return;
    } catch (error) {
      if (isNotFound(error)) return;
      if (!(error instanceof ApiError) || error.httpCode !== 429) throw error;
      if (performance.now() > endMs) throw blocked(pod, error, timeoutMs);
    }
    await sleep(retryMs, undefined, { signal });
  }
}

function blocked(pod: PodLife, error: ApiError, timeoutMs: number): SeaworthyError {
  return new SeaworthyError(
    "SW6006",
    `node ${pod.node} cannot be drained: nobody may evict pod ${pod.name}`,
    {
      why: "a node that cannot be drained cannot be upgraded, and whoever must do it deletes the pod by force",
      seen: [`asked for ${Math.round(timeoutMs / 1000)} s; the API server says: ${error.message}`],
      next: [
        "let the PodDisruptionBudget allow one: maxUnavailable: 1, or a minAvailable below the number of replicas",
        "give the Deployment more replicas than the budget wants to keep",
      ],
    },
  );
}
