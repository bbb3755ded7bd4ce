import { setTimeout as sleep } from "node:timers/promises";
import type { Manifest } from "@seaworthy/kube";
import { rolloutTargets, waitForRollout, type Applied } from "@seaworthy/release";
import { keyOf } from "../applied-sets.ts";
import { goneWithinMs, isOf } from "./serving-pods.ts";
import type { Scenario, Stage } from "./scenario.ts";

/** How long the next version serves before the way back begins. */
const heldMs = 5_000;

/**
 * From the manifests of now to those of tomorrow, and back: all objects are applied, their workloads roll, and then what only the
 * other set has is deleted. `--rounds N` does it N times.
 */
export const release: Scenario = {
  name: "release",
  pods: "asked",
  unfit: async ({ next }) => (next === undefined ? "--to names no manifests of a next version" : undefined),
  estimateMs: ({ startMs, endMs, replicas }) => 2 * (replicas * startMs + endMs) + heldMs,
  async act(stage) {
    const { rounds = 1, now, next = [], signal } = stage;
    let ofNow = stage.applied;
    for (let round = 1; round <= rounds; round++) {
      stage.onEvent({ type: "round-start", round, rounds });
      const ofNext: Applied[] = [];
      try {
        ofNext.push(...(await stage.sets.apply(next)));
        await settle(stage, next, without(ofNow, ofNext));
        await sleep(heldMs, undefined, { signal });
      } finally {
        ofNow = await stage.sets.apply(now);
        await settle(stage, now, without(ofNext, ofNow));
      }
    }
    return rounds;
  },
};

/** Waits for the workloads of a set, deletes what it has no more, and waits until the pods of before are gone. */
async function settle(stage: Stage, set: readonly Manifest[], left: readonly Applied[]): Promise<void> {
  const { client, recorder, namespace, timeoutMs, signal } = stage;
  const targets = rolloutTargets(set, namespace);
  await Promise.all(targets.map((target) => waitForRollout(client, target, { timeoutMs, signal })));
  const removable = left.filter(({ type }) => !holdsData.has(type.kind));
  const kept = await stage.sets.remove(removable);
  const removed = removable.filter((each) => !kept.includes(each));
  for (const { type, name } of kept)
    stage.onEvent({
      type: "notice",
      text: `${type.kind} ${name} is not in the other set, and stays: it was there before`,
    });
  const leaving = () =>
    recorder
      .read()
      .pods.filter(({ goneAt }) => goneAt === undefined)
      .filter((pod) => pod.deletionSeenAt !== undefined || removed.some((each) => isOf(pod, each)));
  await recorder.until(() => leaving().length === 0, goneWithinMs(stage, leaving()), signal);
}

/** With these, data or other people's objects would go, which no way back brings again. */
const holdsData: ReadonlySet<string> = new Set([
  "CustomResourceDefinition",
  "Namespace",
  "PersistentVolume",
  "PersistentVolumeClaim",
]);

/** What stands in the first list only. */
function without(some: readonly Applied[], others: readonly Applied[]): Applied[] {
  const kept = new Set(others.map(keyOf));
  return some.filter((each) => !kept.has(keyOf(each)));
}
