import { setTimeout as sleep } from "node:timers/promises";
import { resourceTypes, type Deployment } from "@seaworthy/kube";
import { waitForRollout, type RolloutTarget } from "@seaworthy/release";
import { fewestTerminations } from "../verdict/proof.ts";
import { goneWithinMs, servingPods, untilGone } from "./serving-pods.ts";
import type { Scenario, Stage } from "./scenario.ts";

/** With the default rounds and pods enough, none begins that would probably end after this: a trial should take about a minute. */
const budgetMs = 80_000;
/** How long the load goes on after the last old pod of a round is gone. */
const quietMs = 2_000;

/** The template annotation whose change is the rollout. */
const roundAnnotation = "seaworthy.dev/trial-round";

/** Rolls the Deployments, round after round, each until its last old pod is gone. */
export const rollout: Scenario = {
  name: "rollout",
  pods: "asked",
  unfit: async () => undefined,
  async act(stage) {
    const rounds = stage.rounds ?? Math.max(2, Math.ceil(fewestTerminations / Math.max(1, stage.replicas)));
    const startedAt = performance.now();
    let round = 0;
    let longestMs = 0;
    let terminations = 0;
    const isOverBudget = () =>
      stage.rounds === undefined &&
      terminations >= fewestTerminations &&
      performance.now() - startedAt + longestMs > budgetMs;
    while (round < rounds && !isOverBudget()) {
      if (round > 0) await sleep(quietMs, undefined, { signal: stage.signal });
      round += 1;
      const done = await runRound(stage, round, rounds);
      longestMs = Math.max(longestMs, done.tookMs);
      terminations += done.terminations;
    }
    if (round < rounds) {
      stage.onEvent({
        type: "notice",
        text: `${round} of ${rounds} rounds, as one takes ${(longestMs / 1000).toFixed(0)} s; --rounds ${rounds} runs them all`,
      });
    }
    return round;
  },
};

async function runRound(
  stage: Stage,
  round: number,
  rounds: number,
): Promise<{ tookMs: number; terminations: number }> {
  const { recorder, deployments, onEvent } = stage;
  const startedAt = performance.now();
  onEvent({ type: "round-start", round, rounds });
  const old = servingPods(stage, deployments);
  await Promise.all(deployments.map((deployment) => rollOnce(stage, deployment, round)));
  if (!(await untilGone(stage, old)))
    onEvent({
      type: "notice",
      text: `round ${round}: an old pod was still there ${Math.round(goneWithinMs(stage, old) / 1000)} s after the rollout`,
    });
  const oldUids = new Set(old.map((pod) => pod.uid));
  const terminations = recorder
    .read()
    .pods.filter((pod) => oldUids.has(pod.uid) && pod.deletionSeenAt !== undefined).length;
  const tookMs = performance.now() - startedAt;
  onEvent({ type: "round-end", round, rounds, tookMs, terminations });
  return { tookMs, terminations };
}

async function rollOnce(stage: Stage, deployment: RolloutTarget, round: number): Promise<void> {
  const { client, signal, timeoutMs } = stage;
  // The time makes it a change also where an earlier trial rolled the same objects.
  const value = `${round} at ${new Date().toISOString()}`;
  const patch = { spec: { template: { metadata: { annotations: { [roundAnnotation]: value } } } } };
  await client.patch<Deployment>(
    resourceTypes.deployments,
    deployment.namespace,
    deployment.name,
    "merge",
    patch,
  );
  await waitForRollout(client, deployment, { timeoutMs, signal });
}
