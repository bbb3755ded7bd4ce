import { setTimeout as sleep } from "node:timers/promises";
import { epochMs } from "@seaworthy/load";
import { nodesMissedSooner, type NodePower } from "../environments/environment.ts";
import type { Harm } from "../causes/harm.ts";
import type { PodLife, Timeline } from "../timeline/timeline.ts";
import { isOf, servingPods, untilReady } from "./serving-pods.ts";
import type { Scenario, Stage } from "./scenario.ts";

/** A cluster with default settings takes a node for lost after this (--node-monitor-grace-period), and looks every 5 s. */
const silenceMs = 50_000;
const lookMs = 5_000;
/** From the withdrawal of the endpoints on: every route has heard of it by then. */
const routesHearMs = 5_000;

/**
 * The node with the most pods of the service goes without a word, as when its power or its network fails, and comes back once its
 * endpoints are withdrawn. What was on its way there no field can save, so it is counted apart; unless all pods were there.
 */
export const nodeLoss: Scenario = {
  name: "node-loss",
  pods: "killed",
  async unfit({ nodePower }) {
    return nodePower === undefined
      ? "a node of this cluster cannot be switched off from here; node-drain and pod-kill can be tried"
      : undefined;
  },
  estimateMs: ({ startMs }) => (silenceMs + lookMs) / nodesMissedSooner + routesHearMs + startMs,
  async act(stage) {
    const { nodePower, deployments } = stage;
    const node = busiestNode(servingPods(stage, deployments));
    if (nodePower === undefined || node === undefined) return 0;
    stage.onEvent({ type: "round-start", round: 1, rounds: 1 });
    const sizes = deployments.map((each) => servingPods(stage, [each]).length);
    await lose(stage, nodePower, node);
    await Promise.all(deployments.map((each, index) => untilReady(stage, each, sizes[index]!)));
    return 1;
  },
};

/** The node with the most of some pods. */
function busiestNode(pods: readonly PodLife[]): string | undefined {
  const byNode = Map.groupBy(
    pods.filter(({ node }) => node !== undefined),
    ({ node }) => node,
  );
  return [...byNode].toSorted(([, left], [, right]) => right.length - left.length)[0]?.[0];
}

async function lose(stage: Stage, power: NodePower, node: string): Promise<void> {
  const { deployments, recorder, harm, note, timeoutMs, signal } = stage;
  const pods = servingPods(stage, deployments);
  const lost = pods.filter((pod) => pod.node === node);
  const uids = new Set(lost.map(({ uid }) => uid));
  const from = epochMs();
  const causeOf = (pod: PodLife): Harm["cause"] => {
    const all = pods.filter((each) => each.deployment === pod.deployment && each.namespace === pod.namespace);
    return all.every((each) => uids.has(each.uid)) ? "all-on-one-node" : "pod-killed";
  };
  const causes = new Map(lost.map((pod) => [pod.uid, causeOf(pod)]));
  for (const [uid, cause] of causes) harm(uid, { cause, from });
  await power.set(node, false);
  try {
    const addresses = new Set(lost.flatMap(({ ip }) => ip ?? []));
    const limitMs = (silenceMs + 2 * lookMs) / power.noticedSooner + timeoutMs;
    const isNoticed = await recorder.until((timeline) => isWithdrawn(timeline, addresses), limitMs, signal);
    note(
      isNoticed
        ? `${node} went with ${describe(stage, pods, lost)}; their endpoints were withdrawn after ${seconds(epochMs() - from)}, where silence is noticed ${power.noticedSooner} times as fast as by default: there after about ${seconds(silenceMs)}`
        : `${node} went with ${describe(stage, pods, lost)}; their endpoints were still there after ${seconds(limitMs)}`,
    );
    await sleep(routesHearMs, undefined, { signal });
  } finally {
    await power.set(node, true);
    await recorder.until(
      (timeline) => timeline.pods.every((pod) => !uids.has(pod.uid) || isServingAgain(pod, from)),
      timeoutMs,
      signal,
    );
    // Until then the routes lead past it, also where it was the only one.
    for (const [uid, cause] of causes) harm(uid, { cause, from, until: epochMs() + routesHearMs });
  }
  note(
    `${node} was switched on again; a node that stays away has its pods replaced after their tolerationSeconds (300 s by default)`,
  );
}

function describe({ deployments }: Stage, pods: readonly PodLife[], lost: readonly PodLife[]): string {
  const parts = deployments.flatMap((each) => {
    const own = lost.filter((pod) => isOf(pod, each)).length;
    const all = pods.filter((pod) => isOf(pod, each)).length;
    return own === 0 ? [] : [`${own} of ${all} pods of ${each.name}`];
  });
  return parts.join(" and ");
}

/** Whether no Service has one of the addresses among its ready ones. */
function isWithdrawn({ endpoints }: Timeline, addresses: ReadonlySet<string>): boolean {
  const latest = new Map(endpoints.map((change) => [`${change.namespace}/${change.service}`, change]));
  return [...latest.values()].every(({ ready }) => !ready.some((address) => addresses.has(address)));
}

/** Gone for good, or ready after it was not. */
function isServingAgain({ goneAt, ready }: PodLife, from: number): boolean {
  const last = ready.at(-1);
  return goneAt !== undefined || (last?.ready === true && last.at > from);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).replace(/\.0$/, "")} s`;
}
