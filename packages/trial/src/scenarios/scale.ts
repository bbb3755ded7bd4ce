import { setTimeout as sleep } from "node:timers/promises";
import { resourceTypes, type Deployment } from "@seaworthy/kube";
import type { RolloutTarget } from "@seaworthy/release";
import { isScalerOf } from "../autoscaling/is-scaler-of.ts";
import { goneWithinMs, isOf, untilReady } from "./serving-pods.ts";
import type { Scenario, Stage } from "./scenario.ts";

/** How long the service has its larger size: new pods get their share of the connections. */
const heldMs = 2_000;

/** Twice as many pods, and then as many as before. `--rounds N` does it N times. */
export const scale: Scenario = {
  name: "scale",
  pods: "asked",
  async unfit({ manifests, deployments }) {
    const scaler = manifests.find(({ object }) => deployments.some(({ name }) => isScalerOf(object, name)));
    return scaler === undefined
      ? undefined
      : `HorizontalPodAutoscaler ${scaler.object.metadata.name} decides how many pods there are, and the scenario hpa tries it`;
  },
  estimateMs: ({ startMs, endMs }) => startMs + heldMs + endMs,
  async act(stage) {
    const rounds = stage.rounds ?? 1;
    for (let round = 1; round <= rounds; round++) {
      stage.onEvent({ type: "round-start", round, rounds });
      await Promise.all(stage.deployments.map((each) => upAndDown(stage, each)));
    }
    return rounds;
  },
};

async function upAndDown(stage: Stage, target: RolloutTarget): Promise<void> {
  const { client, recorder, signal } = stage;
  const { spec } = await client.get<Deployment>(resourceTypes.deployments, target.namespace, target.name);
  const replicas = spec.replicas ?? 1;
  try {
    await setReplicas(stage, target, Math.max(replicas * 2, 2));
    await sleep(heldMs, undefined, { signal });
  } finally {
    await setReplicas(stage, target, replicas);
  }
  const there = () => recorder.read().pods.filter((pod) => isOf(pod, target) && pod.goneAt === undefined);
  await recorder.until(() => there().length <= replicas, goneWithinMs(stage, there()), signal);
}

async function setReplicas(stage: Stage, target: RolloutTarget, replicas: number): Promise<void> {
  const { namespace, name } = target;
  await stage.client.patch<Deployment>(resourceTypes.deployments, namespace, name, "merge", {
    spec: { replicas },
  });
  await untilReady(stage, target, replicas);
}
