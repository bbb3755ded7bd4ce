import assert from "node:assert/strict";
import type { Asker, Json } from "../asker.ts";
import type { Item } from "../item.ts";
import { isReady, makeReady, playNode, unplacedTemplate, untilPods } from "../play-node.ts";

/** How Deployments replace their pods. */
export const rolloutItems: readonly Item[] = [
  {
    number: 50,
    title: "a rollout without surge deletes a pod before it makes one",
    needs: ["controllers"],
    async check(asker) {
      let most = 0;
      const look = (pods: readonly Json[]) => {
        most = Math.max(most, pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined).length);
      };
      await using _node = await playNode(asker, { look });
      const rollout = await start(asker, 3, { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } });
      await rollout.template("second");
      await rollout.complete(3);
      assert.equal(most, 3);
    },
  },
  {
    number: 51,
    title: "Recreate makes no new pod while an old one is there",
    needs: ["controllers"],
    async check(asker) {
      let mixed = false;
      const look = (pods: readonly Json[]) => {
        mixed ||= new Set(pods.map(({ metadata }) => metadata.labels["pod-template-hash"])).size > 1;
      };
      await using _node = await playNode(asker, { look });
      const rollout = await start(asker, 3, { type: "Recreate" });
      await rollout.template("second");
      await rollout.complete(3);
      assert.equal(mixed, false);
    },
  },
  {
    number: 52,
    title: "a Deployment's history numbers its templates; one to which it goes back gets the next number",
    needs: ["controllers", "kubectl"],
    async check(asker) {
      await using _node = await playNode(asker);
      const rollout = await start(asker, 1);
      for (const template of ["second", "third"]) {
        await rollout.template(template);
        await rollout.complete(1);
      }
      const kubectl = async (...args: string[]) => {
        const { code, out, err } = await asker.kubectl!.run(
          "-n",
          asker.namespace,
          "rollout",
          ...args,
          "deployment/web",
        );
        assert.equal(code, 0, err);
        return out;
      };
      const revisions = async () =>
        [...(await kubectl("history")).matchAll(/^(\d+) /gm)].map(([, revision]) => revision);
      assert.deepEqual(await revisions(), ["1", "2", "3"]);
      await kubectl("undo", "--to-revision=1");
      await rollout.complete(1);
      assert.deepEqual(await revisions(), ["2", "3", "4"]);
    },
  },
  {
    number: 53,
    title: "a third template in the middle of a rollout takes the place of the second",
    needs: ["controllers"],
    async check(asker) {
      const isGood = ({ metadata }: Json) => metadata.annotations?.template !== "second";
      await using _node = await playNode(asker, { isGood });
      const rollout = await start(asker, 4, { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } });
      await rollout.template("second");
      await untilPods(asker, (pods) => pods.filter((pod) => !isGood(pod)).length === 2);
      await rollout.template("third");
      await rollout.complete(4);
      assert.deepEqual(await rollout.sizes(), [4]);
      const pods = await untilPods(asker, (all) => all.length === 4);
      assert.ok(pods.every(({ metadata }) => metadata.annotations.template === "third"));
    },
  },
  {
    number: 54,
    title: "a Deployment that is scaled in the middle of a rollout scales its ReplicaSets in proportion",
    needs: ["controllers"],
    async check(asker) {
      const isGood = ({ metadata }: Json) => metadata.annotations?.template !== "second";
      await using _node = await playNode(asker, { isGood });
      const rollout = await start(asker, 10, { rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } });
      await rollout.template("second");
      await rollout.untilSizes([8, 5]);
      await rollout.patch({ replicas: 15 });
      await rollout.untilSizes([11, 7]);
    },
  },
  {
    number: 55,
    title: "revisionHistoryLimit says how many old ReplicaSets stay, and 0 that none does",
    needs: ["controllers"],
    async check(asker) {
      await using _node = await playNode(asker);
      const rollout = await start(asker, 1);
      await rollout.patch({ revisionHistoryLimit: 2 });
      for (const template of ["second", "third", "fourth", "fifth"]) {
        await rollout.template(template);
        await rollout.complete(1);
      }
      await rollout.untilCount(3);
      await rollout.patch({ revisionHistoryLimit: 0 });
      await rollout.untilCount(1);
    },
  },
  {
    number: 56,
    title: "a paused Deployment is scaled and not rolled, and rolls when it is resumed",
    needs: ["controllers"],
    async check(asker) {
      await using _node = await playNode(asker);
      const rollout = await start(asker, 2);
      await rollout.patch({ paused: true });
      await rollout.template("second");
      await rollout.patch({ replicas: 3 });
      await untilPods(asker, (pods) => pods.length === 3);
      const { status } = await rollout.until(({ metadata, status: seen }) => {
        return seen.observedGeneration === metadata.generation && seen.readyReplicas === 3;
      });
      const progressing = status.conditions.find(({ type }: Json) => type === "Progressing");
      assert.deepEqual([progressing.status, progressing.reason], ["Unknown", "DeploymentPaused"]);
      assert.deepEqual([status.updatedReplicas, await rollout.sizes()], [undefined, [3]]);
      await rollout.patch({ paused: false });
      await rollout.complete(3);
    },
  },
  {
    number: 57,
    title: "a pod that is ready counts as available when it has been so for minReadySeconds",
    needs: ["controllers"],
    async check(asker) {
      const rollout = await start(asker, 1, undefined, false);
      await rollout.patch({ minReadySeconds: 5 });
      const [pod] = await untilPods(asker, (pods) => pods.length === 1);
      const readyAt = Date.now();
      await makeReady(asker, pod.metadata.name);
      await rollout.until(
        ({ status }) => status.readyReplicas === 1 && status.availableReplicas === undefined,
      );
      await rollout.until(({ status }) => status.availableReplicas === 1);
      // The time of readiness is written in whole seconds.
      assert.ok(Date.now() - readyAt >= 4000, `available after ${Date.now() - readyAt} ms`);
      assert.ok(isReady((await untilPods(asker, () => true))[0]));
    },
  },
  {
    number: 70,
    title:
      "a rollout that gets nowhere says so at its deadline and keeps what serves; going back ends it well",
    needs: ["controllers", "kubectl"],
    async check(asker) {
      const isGood = ({ metadata }: Json) => metadata.annotations?.template !== "second";
      await using _node = await playNode(asker, { isGood });
      const rollout = await start(asker, 3, { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } });
      await rollout.patch({ progressDeadlineSeconds: 2 });
      await rollout.template("second");
      const reasonOf = ({ status }: Json) =>
        status.conditions.find(({ type }: Json) => type === "Progressing")?.reason;
      const stuck = await rollout.until((deployment) => reasonOf(deployment) === "ProgressDeadlineExceeded");
      assert.equal(stuck.status.availableReplicas, 2);
      const kubectl = (...args: string[]) =>
        asker.kubectl!.run("-n", asker.namespace, "rollout", ...args, "deployment/web");
      const { code, err } = await kubectl("status");
      assert.deepEqual([code, err.trim()], [1, 'error: deployment "web" exceeded its progress deadline']);
      assert.equal((await kubectl("undo")).code, 0);
      await rollout.complete(3);
      await rollout.until((deployment) => reasonOf(deployment) === "NewReplicaSetAvailable");
    },
  },
];

/** A Deployment whose pods no scheduler places. */
interface Rollout {
  patch(spec: Json): Promise<void>;
  /** Gives it another pod template. */
  template(name: string): Promise<void>;
  until(isDone: (deployment: Json) => boolean): Promise<Json>;
  /** Waits until all of its pods are new and available. */
  complete(count: number): Promise<void>;
  /** The sizes of its ReplicaSets that have pods, the largest first. */
  sizes(): Promise<number[]>;
  untilSizes(sizes: readonly number[]): Promise<void>;
  /** Waits until it has so many ReplicaSets. */
  untilCount(count: number): Promise<void>;
}

/** Starts one, and waits until its pods are available. */
async function start(
  asker: Asker,
  replicas: number,
  strategy: Json = { type: "RollingUpdate" },
  waits = true,
): Promise<Rollout> {
  const { namespace, image, create, patch, until, get } = asker;
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const path = `${apps}/deployments/web`;
  const patchSpec = async (spec: Json) => {
    await patch(path, "strategic-merge-patch+json", { spec });
  };
  const sizesIn = (items: readonly Json[]) =>
    items
      .map(({ spec }) => spec.replicas)
      .filter((size) => size > 0)
      .toSorted((a, b) => b - a);
  const rollout: Rollout = {
    patch: patchSpec,
    template: (template) => patchSpec({ template: { metadata: { annotations: { template } } } }),
    until: (isDone) => until(path, isDone),
    async complete(count) {
      await until(path, ({ metadata, status }) => {
        const { observedGeneration, replicas: all, updatedReplicas, availableReplicas } = status;
        const isSeen = observedGeneration === metadata.generation;
        return isSeen && [all, updatedReplicas, availableReplicas].every((each) => each === count);
      });
    },
    sizes: async () => sizesIn((await get(`${apps}/replicasets`)).items),
    async untilSizes(sizes) {
      await until(`${apps}/replicasets`, ({ items }) => sizesIn(items).join() === sizes.join());
    },
    async untilCount(count) {
      await until(`${apps}/replicasets`, ({ items }) => items.length === count);
    },
  };
  await create(`${apps}/deployments`, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      replicas,
      strategy,
      selector: { matchLabels: { app: "web" } },
      template: unplacedTemplate("web", image),
    },
  });
  if (waits) await rollout.complete(replicas);
  return rollout;
}
