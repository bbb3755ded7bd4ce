import { resourceTypes, type Deployment } from "@seaworthy/kube";
import { epochMs } from "@seaworthy/load";
import { waitForRollout, type RolloutTarget } from "@seaworthy/release";
import type { PodLife } from "../timeline/timeline.ts";
import { fewestTerminations } from "../verdict/proof.ts";
import { goneWithinMs, servingPods, untilGone } from "./serving-pods.ts";
import type { Scenario, Stage } from "./scenario.ts";

/**
 * A pod is to be ready for so long before it ends, unless it is known that every edge has taken it up: ingress-nginx looks every 3.3 s,
 * and until it looks again it goes on sending to a pod that ends.
 */
const servesMs = 3_400;
/** However many pod ends are wanted. */
const mostRounds = 1_000;
/** What the watch may be behind the Deployment that says it is done. */
const watchLagMs = 5_000;

/** The template annotation whose change is the rollout. */
const roundAnnotation = "seaworthy.dev/trial-round";

/**
 * Rolls the Deployments, round after round. A round begins as soon as it will end no pod too young: before it ends one, its own
 * have to start, which takes about as long as in the round before. Older pods may still be ending; waiting for those would prove
 * nothing. Without a number of rounds it is a sequential test: it goes on until as many pods ended as are wanted, and stops early
 * at a loss, which is an answer, or when the time is up.
 */
export const rollout: Scenario = {
  name: "rollout",
  pods: "asked",
  unfit: async () => undefined,
  estimateMs: ({ startMs, endMs, replicas }) => replicas * startMs + endMs,
  async act(stage) {
    const rounds = stage.rounds ?? roundsWanted(stage);
    const minReadyMs = await shortestMinReadyMs(stage);
    const startedAt = performance.now();
    const old: PodLife[] = [];
    let round = 0;
    let [longestMs, restMs] = [0, 0];
    while (round < rounds) {
      const ips = servingPods(stage, stage.deployments).flatMap(({ ip }) => ip ?? []);
      await stage.untilRouted(ips, restMs, stage.signal);
      if (isAnswered(stage, old.length, performance.now() - startedAt + longestMs)) break;
      round += 1;
      const done = await runRound(stage, round, rounds);
      old.push(...done.ended);
      longestMs = Math.max(longestMs, done.tookMs);
      restMs = Math.max(0, servesMs - minReadyMs - done.firstEndMs);
    }
    if (!(await untilGone(stage, old)))
      stage.onEvent({
        type: "notice",
        text: `an old pod was still there ${Math.round(goneWithinMs(stage, old) / 1000)} s after the last rollout`,
      });
    return round;
  },
};

/** So long the youngest pods of each Deployment have served already when its rollout is over. */
async function shortestMinReadyMs({ client, deployments }: Stage): Promise<number> {
  const found = await Promise.all(
    deployments.map(({ namespace, name }) =>
      client.get<Deployment>(resourceTypes.deployments, namespace, name),
    ),
  );
  return Math.min(...found.map(({ spec }) => (spec.minReadySeconds ?? 0) * 1000));
}

/** As many as end the wanted number of pods. */
function roundsWanted({ wanted, replicas }: Stage): number {
  return Math.min(mostRounds, Math.ceil(wanted.terminations / Math.max(1, replicas)));
}

/** Whether a further round, which would be over after `untilMs`, has nothing to add or no time. */
function isAnswered(stage: Stage, terminations: number, untilMs: number): boolean {
  if (stage.rounds !== undefined) return false;
  if (stage.lost() > 0) return terminations >= stage.wanted.measured;
  return terminations >= fewestTerminations && untilMs > stage.wanted.withinMs;
}

interface Round {
  readonly tookMs: number;
  /** From its begin until the first pod was told to end. */
  readonly firstEndMs: number;
  readonly ended: readonly PodLife[];
}

async function runRound(stage: Stage, round: number, rounds: number): Promise<Round> {
  const { recorder, deployments, onEvent, signal } = stage;
  const startedAt = epochMs();
  onEvent({ type: "round-start", round, rounds });
  const old = servingPods(stage, deployments);
  await Promise.all(deployments.map((deployment) => rollOnce(stage, deployment, round)));
  const uids = new Set(old.map(({ uid }) => uid));
  const ended = () =>
    recorder.read().pods.filter((pod) => uids.has(pod.uid) && pod.deletionSeenAt !== undefined);
  await recorder.until(() => ended().length === uids.size, watchLagMs, signal);
  const tookMs = epochMs() - startedAt;
  onEvent({ type: "round-end", round, rounds, tookMs, terminations: ended().length });
  const endsMs = ended().map(({ deletionSeenAt = startedAt }) => deletionSeenAt - startedAt);
  return { tookMs, firstEndMs: Math.min(tookMs, ...endsMs), ended: ended() };
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
