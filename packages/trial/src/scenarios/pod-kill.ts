import { setTimeout as sleep } from "node:timers/promises";
import { resourceTypes } from "@seaworthy/kube";
import { epochMs } from "@seaworthy/load";
import { servingPods, untilGone, untilReady } from "./serving-pods.ts";
import type { Scenario, Stage } from "./scenario.ts";

/** So many pods are killed, one after the other, unless a number of rounds is given. */
const kills = 3;
/** Between two kills the connections of the first one have found other pods. */
const quietMs = 2_000;

/**
 * Pods are deleted with a grace period of 0: SIGKILL, as when a node fails or memory runs out. What was on the way to the pod
 * no field can save, so it is counted apart; what is lost elsewhere is a loss like any other.
 */
export const podKill: Scenario = {
  name: "pod-kill",
  pods: "killed",
  unfit: async () => undefined,
  estimateMs: ({ startMs }) => startMs,
  async act(stage) {
    const rounds = stage.rounds ?? Math.min(kills, stage.replicas);
    for (let round = 1; round <= rounds; round++) {
      if (round > 1) await sleep(quietMs, undefined, { signal: stage.signal });
      stage.onEvent({ type: "round-start", round, rounds });
      await killOldest(stage);
    }
    return rounds;
  },
};

async function killOldest(stage: Stage): Promise<void> {
  const { client, deployments, harm } = stage;
  const [oldest] = servingPods(stage, deployments).toSorted((left, right) => left.seenAt - right.seenAt);
  const target = deployments.find(({ name }) => name === oldest?.deployment);
  if (oldest === undefined || target === undefined) return;
  const replicas = servingPods(stage, [target]).length;
  harm(oldest.uid, { cause: "pod-killed", from: epochMs() });
  await client.delete(resourceTypes.pods, oldest.namespace, oldest.name, { gracePeriodSeconds: 0 });
  await untilGone(stage, [oldest]);
  await untilReady(stage, target, replicas);
}
