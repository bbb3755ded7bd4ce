import { setTimeout as sleep } from "node:timers/promises";
import { resourceTypes, type Pod } from "@seaworthy/kube";
import { epochMs } from "@seaworthy/load";
import {
  findAutoscalers,
  readAutoscaler,
  tolerance,
  type Autoscaler,
  type CpuAutoscaler,
} from "../autoscaling/autoscaler.ts";
import { firstNewAt } from "../autoscaling/first-new-at.ts";
import { measureCpu } from "../autoscaling/measure-cpu.ts";
import {
  goalShare,
  isBusyEnough,
  nextRate,
  type RampGoal,
  type TriedExtra,
} from "../autoscaling/next-rate.ts";
import { podCpu } from "../autoscaling/pod-cpu.ts";
import { percentText } from "../autoscaling/scaling.ts";
import { cannotScale, doesNothing, manifestOf, notBusy, notMeasured } from "../autoscaling/scaling-errors.ts";
import { isActive, whyNever } from "../autoscaling/why-not.ts";
import { withoutWindow } from "../autoscaling/without-window.ts";
import { goneWithinMs, isOf, servingPods } from "./serving-pods.ts";
import type { Scenario, Stage } from "./scenario.ts";

/** An autoscaler looks every 15 s (--horizontal-pod-autoscaler-sync-period), and metrics are up to 15 s old. */
const lookMs = 15_000;
/** It has metrics after its first look, or the second. */
const activeWithinMs = 3 * lookMs;
/** How long it may take from the ramp's top until the target is met; and to take the first pod away. */
const upWithinMs = 8 * lookMs;
const downWithinMs = 6 * lookMs;
const askAgainMs = 1_000;
/** How far the ramp goes: as many times the usual rate on top. */
const limits = { mostSteps: 6, mostTimes: 20 };
const rampEnds = `the ramp ends at ${limits.mostTimes} times --rate on top, or after ${limits.mostSteps} steps`;

/**
 * The load is raised until pods use about twice the CPU target of their HorizontalPodAutoscaler, and held until it has made as many
 * as it takes; then the load is as before, and pods end. A stabilization window would keep them for longer than anybody waits, so it is 0
 * on the way down. `--rounds N` does it N times.
 */
export const hpa: Scenario = {
  name: "hpa",
  pods: "asked",
  async unfit({ client, deployments }) {
    const found = await findAutoscalers(client, deployments);
    return found.length > 0 ? undefined : "no HorizontalPodAutoscaler scales what is asked by its CPU";
  },
  // A look before, some steps of a few seconds, two looks up, one down.
  estimateMs: ({ startMs, endMs }) => 5 * lookMs + startMs + endMs,
  async act(stage) {
    const rounds = stage.rounds ?? 1;
    const autoscalers = await findAutoscalers(stage.client, stage.deployments);
    for (let round = 1; round <= rounds; round++) {
      stage.onEvent({ type: "round-start", round, rounds });
      for (const each of autoscalers) await upAndDown(stage, each);
    }
    return rounds;
  },
};

async function upAndDown(stage: Stage, autoscaler: CpuAutoscaler): Promise<void> {
  const own = () => servingPods(stage, [autoscaler.target]);
  const before = own().map(({ uid }) => uid);
  const from = before.length;
  const targetMillis = await readTarget(stage, autoscaler, from);
  const podsWorth = async (sinceMs: number) => {
    const used = await measureCpu(
      {
        client: stage.client,
        namespace: autoscaler.target.namespace,
        pods: () => own().map(({ name }) => name),
        container: autoscaler.cpu.container,
        signal: stage.signal,
      },
      sinceMs,
    );
    if (used === undefined) throw notMeasured(autoscaler);
    return { worth: used.millis / targetMillis, pods: used.pods };
  };
  await using ramp = new AsyncDisposableStack();
  const { maxReplicas } = (await readAutoscaler(stage.client, autoscaler)).spec;
  const climb: Climb = { stage, autoscaler, before, maxReplicas, podsWorth, ramp };
  const top = await climbUp(climb);
  const up = await untilMet(climb, top.topAt);
  const peak = own().map(({ uid }) => uid);
  await withoutWindow(stage.client, autoscaler, async (windowSeconds) => {
    const downAt = epochMs();
    await ramp.disposeAsync();
    await untilDown(climb, downAt);
    const { pods } = stage.recorder.read();
    const ended = pods.filter(
      ({ uid, deletionSeenAt }) => peak.includes(uid) && deletionSeenAt !== undefined,
    );
    const { name, target } = autoscaler;
    stage.scaled({
      autoscaler: name,
      deployment: target.name,
      from,
      ...top,
      ...up,
      downAt,
      ended: ended.length,
      windowSeconds,
    });
  });
}

/** What one way up works with. */
interface Climb {
  readonly stage: Stage;
  readonly autoscaler: CpuAutoscaler;
  /** The pods before, by their UIDs. */
  readonly before: readonly string[];
  readonly maxReplicas: number;
  /** For how many pods' CPU targets it takes what pods used since a moment, and how many pods those were. */
  readonly podsWorth: (sinceMs: number) => Promise<{ readonly worth: number; readonly pods: number }>;
  /** Takes the load that comes on top. */
  readonly ramp: AsyncDisposableStack;
}

/** The CPU that pods are to use, in thousandths of a core, where nothing keeps the autoscaler from working. */
async function readTarget(stage: Stage, autoscaler: CpuAutoscaler, replicas: number): Promise<number> {
  const { client, signal } = stage;
  const [first] = servingPods(stage, [autoscaler.target]);
  const pod = await client.get<Pod>(resourceTypes.pods, autoscaler.target.namespace, first?.name ?? "");
  const cpu = podCpu(pod, autoscaler.cpu);
  const never = whyNever(await readAutoscaler(client, autoscaler), autoscaler.cpu, cpu, replicas);
  if (never !== undefined) throw cannotScale(stage.now, autoscaler, never);
  const endMs = epochMs() + activeWithinMs;
  for (;;) {
    const now = await readAutoscaler(client, autoscaler);
    if (isActive(now) && cpu.targetMillis !== undefined) return cpu.targetMillis;
    if (epochMs() > endMs) throw doesNothing(autoscaler, now);
    await sleep(askAgainMs, undefined, { signal });
  }
}

/** Raises the load step by step until the pods of before would be busy enough, whether or not the autoscaler has made more by then. */
async function climbUp({ stage, autoscaler, before, maxReplicas, podsWorth, ramp }: Climb) {
  const from = before.length;
  const shareOf = async (sinceMs: number): Promise<number> => (await podsWorth(sinceMs)).worth / from;
  const usual = stage.ratePerSecond;
  const goal: RampGoal = {
    share: goalShare(from, maxReplicas),
    mostSteps: limits.mostSteps,
    mostPerSecond: usual * limits.mostTimes,
    firstPerSecond: usual,
  };
  const tried: TriedExtra[] = [{ extraPerSecond: 0, share: await shareOf(epochMs()) }];
  const usualShare = tried[0]!.share;
  if (usualShare > 1 + tolerance)
    stage.note(
      `${autoscaler.name}: pods use ${percentText(usualShare)} of its target at the usual rate already, so that it acts without a ramp; a lower --rate shows more`,
    );
  const beganAt = epochMs();
  let topAt = beganAt;
  for (;;) {
    const last = tried.at(-1)!;
    const top = { beganAt, topAt, ratePerSecond: usual + last.extraPerSecond, topShare: last.share };
    if (last.extraPerSecond > 0 && isBusyEnough(last.share, goal)) return top;
    // A few requests after its begin say too little of a load.
    const strain = last.extraPerSecond === 0 ? undefined : stage.strain();
    const rate = strain === undefined ? nextRate(tried, goal) : undefined;
    if (rate === undefined) {
      const { status } = await readAutoscaler(stage.client, autoscaler);
      if ((status?.desiredReplicas ?? 0) > from) return top;
      throw notBusy(autoscaler, top.ratePerSecond, last.share, strain ?? rampEnds);
    }
    ramp.use(await stage.moreLoad(rate - last.extraPerSecond));
    topAt = epochMs();
    const share = await shareOf(topAt);
    tried.push({ extraPerSecond: rate, share });
    stage.onEvent({
      type: "step",
      text: `${autoscaler.name}: at ${usual + rate} requests/s pods use ${percentText(share)} of the CPU target`,
    });
  }
}

/** Waits until the pods that the autoscaler made are ready and at their target, or it may make no more. */
async function untilMet({ stage, autoscaler, before, maxReplicas, podsWorth }: Climb, topAt: number) {
  const from = before.length;
  const { client, signal } = stage;
  const own = () => servingPods(stage, [autoscaler.target]);
  const seen: { actedAt?: number; readyAt?: number; metAt?: number; to: number } = { to: from };
  let now: Autoscaler;
  do {
    await sleep(askAgainMs, undefined, { signal });
    now = await readAutoscaler(client, autoscaler);
    const desired = now.status?.desiredReplicas ?? 0;
    if (desired <= from) continue;
    // It may have acted on the way up, before anybody asked for its status.
    seen.actedAt ??= firstNewAt(own(), before) ?? epochMs();
    seen.to = Math.max(seen.to, desired);
    const readyAt = lastReadyAt(own());
    if (own().length < desired || readyAt === undefined) continue;
    seen.readyAt = readyAt;
    const { worth, pods } = await podsWorth(Math.max(readyAt, topAt));
    const share = worth / pods;
    if (share <= 1 + tolerance) {
      seen.metAt = epochMs();
      break;
    }
    if (desired >= maxReplicas) {
      noteAtMost(stage, autoscaler, share, desired);
      break;
    }
  } while (epochMs() < topAt + upWithinMs);
  if (seen.actedAt === undefined) throw doesNothing(autoscaler, now);
  const { actedAt, readyAt, metAt, to } = seen;
  return { actedAt, readyAt, metAt, to };
}

/** When the last of some pods got ready; undefined while one is not. */
function lastReadyAt(pods: ReturnType<typeof servingPods>): number | undefined {
  const moments = pods.map(({ ready }) => (ready.at(-1)?.ready === true ? ready.at(-1)?.at : undefined));
  return moments.includes(undefined) ? undefined : Math.max(...moments.map((at) => at ?? 0));
}

/** Waits until there are as many pods as before, and those that had to go are gone. */
async function untilDown({ stage, autoscaler, before }: Climb, downAt: number): Promise<void> {
  const there = () =>
    stage.recorder.read().pods.filter((pod) => isOf(pod, autoscaler.target) && pod.goneAt === undefined);
  const begins = downWithinMs - (epochMs() - downAt);
  await stage.recorder.until(
    () => servingPods(stage, [autoscaler.target]).length <= before.length,
    begins,
    stage.signal,
  );
  await stage.recorder.until(
    () => there().every(({ deletionSeenAt }) => deletionSeenAt === undefined),
    goneWithinMs(stage, there()),
    stage.signal,
  );
}

/** Says what would do, where the most that it may make does not. */
function noteAtMost(
  { note, now }: Stage,
  { name, target }: CpuAutoscaler,
  share: number,
  pods: number,
): void {
  const place = manifestOf(now, "HorizontalPodAutoscaler", target.namespace, name)?.locate([
    "spec",
    "maxReplicas",
  ]);
  const at = place === undefined ? "" : `${place.file}:${place.line}  `;
  note(
    `${name} has reached maxReplicas, and its ${pods} pods use ${percentText(share)} of the CPU target: ${at}spec.maxReplicas: ${Math.ceil(pods * share)} would meet it`,
  );
}
