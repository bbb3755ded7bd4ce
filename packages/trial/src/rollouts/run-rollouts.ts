import { setTimeout as sleep } from "node:timers/promises";
import type { KubeClient } from "@seaworthy/client";
import { resourceTypes, type Deployment } from "@seaworthy/kube";
import { waitForRollout, type RolloutTarget } from "@seaworthy/release";
import type { TimelineRecorder } from "../timeline/record-timeline.ts";
import type { TrialListener } from "../trial-event.ts";
import type { PodLife } from "../timeline/timeline.ts";

/** What the scenario `rollout` needs. */
export interface RolloutScenario {
  readonly client: KubeClient;
  readonly recorder: TimelineRecorder;
  readonly deployments: readonly RolloutTarget[];
  readonly rounds: number;
  /** Without progress for this long, a rollout is stuck. */
  readonly timeoutMs: number;
  /** How long the load goes on after the last old pod of a round is gone. */
  readonly quietMs: number;
  /** How long it goes on after the last round: one keep-alive period. */
  readonly finalQuietMs: number;
  /** With so many pod ends, no further round begins when it would probably end later than this. Absent: all rounds are run. */
  readonly budget?: { readonly ms: number; readonly terminations: number };
  readonly signal: AbortSignal;
  readonly onEvent: TrialListener;
}

/** The template annotation whose change is the rollout. */
const roundAnnotation = "seaworthy.dev/trial-round";

/** Rolls the Deployments, round after round, each until its last old pod is gone. Returns the rounds done. */
export async function runRollouts(scenario: RolloutScenario): Promise<number> {
  const startedAt = performance.now();
  let round = 0;
  let longestMs = 0;
  let terminations = 0;
  const isOverBudget = () =>
    scenario.budget !== undefined &&
    terminations >= scenario.budget.terminations &&
    performance.now() - startedAt + longestMs > scenario.budget.ms;
  while (round < scenario.rounds && !isOverBudget()) {
    round += 1;
    const done = await runRound(scenario, round);
    longestMs = Math.max(longestMs, done.tookMs);
    terminations += done.terminations;
    if (round < scenario.rounds) await sleep(scenario.quietMs, undefined, { signal: scenario.signal });
  }
  if (round < scenario.rounds) {
    scenario.onEvent({
      type: "notice",
      text: `${round} of ${scenario.rounds} rounds, as one takes ${(longestMs / 1000).toFixed(0)} s; --rounds ${scenario.rounds} runs them all`,
    });
  }
  await sleep(scenario.finalQuietMs, undefined, { signal: scenario.signal });
  return round;
}

async function runRound(
  scenario: RolloutScenario,
  round: number,
): Promise<{ tookMs: number; terminations: number }> {
  const { recorder, deployments, rounds, signal, onEvent } = scenario;
  const startedAt = performance.now();
  onEvent({ type: "round-start", round, rounds });
  const old = recorder
    .read()
    .pods.filter((pod) => pod.goneAt === undefined && deployments.some((each) => isOf(pod, each)));
  const oldUids = new Set(old.map((pod) => pod.uid));
  await Promise.all(deployments.map((deployment) => rollOnce(scenario, deployment, round)));
  const graceMs = Math.max(30, ...old.map((pod) => pod.graceSeconds ?? 0)) * 1000;
  const gone = await recorder.until(
    (timeline) => timeline.pods.every((pod) => !oldUids.has(pod.uid) || pod.goneAt !== undefined),
    graceMs + scenario.timeoutMs,
    signal,
  );
  if (!gone)
    onEvent({
      type: "notice",
      text: `round ${round}: an old pod was still there ${Math.round((graceMs + scenario.timeoutMs) / 1000)} s after the rollout`,
    });
  const terminations = recorder
    .read()
    .pods.filter((pod) => oldUids.has(pod.uid) && pod.deletionSeenAt !== undefined).length;
  const tookMs = performance.now() - startedAt;
  onEvent({ type: "round-end", round, rounds, tookMs, terminations });
  return { tookMs, terminations };
}

function isOf(pod: PodLife, deployment: RolloutTarget): boolean {
  return pod.deployment === deployment.name && pod.namespace === deployment.namespace;
}

async function rollOnce(scenario: RolloutScenario, deployment: RolloutTarget, round: number): Promise<void> {
  const { client, signal, timeoutMs } = scenario;
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
