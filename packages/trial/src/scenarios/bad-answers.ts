import { setTimeout as sleep } from "node:timers/promises";
import { resourceTypes, type Deployment } from "@seaworthy/kube";
import type { RolloutTarget } from "@seaworthy/release";
import { deploymentFacts } from "../causes/deployment-facts.ts";
import type { BadApp } from "../environments/environment.ts";
import { releaseBadVersion } from "./release-bad-version.ts";
import { servingPods } from "./serving-pods.ts";
import type { Scenario, Stage } from "./scenario.ts";
import type { Template } from "./with-template.ts";

/** Someone who looks at the release notices, and takes it back, so long after its first pod got ready. */
const stayMs = 6_000;
/** If no pod of it gets ready within this, none is taken to. */
const readyWithinMs = 12_000;

/**
 * A version that runs, is ready, and answers users with 500 is released, stays for a while and is taken back. Where the readiness
 * probe asks what users ask, it gets no request; elsewhere it gets those of the pods that it replaces meanwhile.
 */
export const badAnswers: Scenario = {
  name: "bad-answers",
  pods: "left",
  unfit: async ({ badApp }) =>
    badApp === undefined
      ? "no image is known that answers badly: --bad-image IMAGE names one that this cluster can pull"
      : undefined,
  unasked({ facts, paths }) {
    const blind = facts.find(({ readinessPath = "" }) => !paths.includes(readinessPath));
    return blind === undefined
      ? undefined
      : `the readiness probe of Deployment ${blind.name} asks nothing that users ask, and would let a version pass that answers them badly`;
  },
  estimateMs: ({ startMs, endMs }) => readyWithinMs + stayMs + startMs + endMs,
  async act(stage) {
    stage.onEvent({ type: "round-start", round: 1, rounds: 1 });
    await Promise.all(stage.deployments.map((each) => releaseAndCount(stage, each)));
    return 1;
  },
};

async function releaseAndCount(stage: Stage, target: RolloutTarget): Promise<void> {
  const { client, recorder, signal, badApp, note } = stage;
  if (badApp === undefined) return;
  const deployment = await client.get<Deployment>(resourceTypes.deployments, target.namespace, target.name);
  const { container, minReadySeconds } = deploymentFacts(deployment);
  const change = (template: Template) => withBadApp(template, container, badApp, stage.paths);
  await releaseBadVersion(stage, target, change, async ({ badPods, replicas }) => {
    const stopMarking = recorder.onChange(() => {
      for (const pod of badPods()) stage.harm(pod.uid, { cause: "bad-version", from: pod.seenAt });
    });
    try {
      const ready = () => badPods().filter((pod) => pod.ready.at(-1)?.ready === true);
      if (!(await recorder.until(() => ready().length > 0, readyWithinMs + minReadySeconds * 1000, signal))) {
        note(`${target.name}: no pod of the bad version got ready, and the old ones kept all requests`);
        return;
      }
      await sleep(stayMs, undefined, { signal });
      const bad = new Set(badPods());
      const left = servingPods(stage, [target]).filter((pod) => !bad.has(pod)).length;
      note(
        `${target.name}: ${stayMs / 1000} s after its first pod got ready the bad version had ${ready().length} ready pods, and ${left} of ${replicas} old ones were left`,
      );
    } finally {
      stopMarking();
    }
  });
}

/** The template with the container that is asked made bad. */
function withBadApp(
  { spec, ...template }: Template,
  index: number,
  { image, standsIn }: BadApp,
  paths: readonly string[],
): Template {
  const containers = spec.containers.map((container, at) => {
    if (at !== index) return container;
    if (!standsIn) return { ...container, image };
    const { command: _command, args: _args, ...rest } = container;
    const broken = { name: "BROKEN_PATHS", value: paths.join(",") };
    return { ...rest, image, env: [...(container.env ?? []), broken] };
  });
  return { ...template, spec: { ...spec, containers } };
}
