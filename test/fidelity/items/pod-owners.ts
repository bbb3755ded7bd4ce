import assert from "node:assert/strict";
import type { Asker, Json } from "../asker.ts";
import type { Item } from "../item.ts";
import {
  isReady,
  makeReady,
  patchStatus,
  playNode,
  podsIn,
  unplacedTemplate,
  untilPods,
} from "../play-node.ts";
import { unscheduledPod } from "../objects.ts";

/** How ReplicaSets, ReplicationControllers, StatefulSets and DaemonSets keep their pods. */
export const podOwnerItems: readonly Item[] = [
  {
    number: 58,
    title:
      "a ReplicaSet and a ReplicationController adopt pods that match, and let go of those that no longer do",
    needs: ["controllers"],
    async check(asker) {
      const core = `/api/v1/namespaces/${asker.namespace}`;
      for (const [name, path, selector] of [
        ["set", `/apis/apps/v1/namespaces/${asker.namespace}/replicasets`, { matchLabels: { app: "set" } }],
        ["controller", `${core}/replicationcontrollers`, { app: "controller" }],
      ] as const) {
        const orphan = await asker.create(
          `${core}/pods`,
          unscheduledPod(`${name}-orphan`, asker.image, { app: name }),
        );
        const isSet = name === "set";
        const owner = await asker.create(path, {
          apiVersion: isSet ? "apps/v1" : "v1",
          kind: isSet ? "ReplicaSet" : "ReplicationController",
          metadata: { name },
          spec: { replicas: 1, selector, template: unplacedTemplate(name, asker.image) },
        });
        const pod = `${core}/pods/${orphan.metadata.name}`;
        await asker.until(pod, ({ metadata }) => metadata.ownerReferences?.[0]?.uid === owner.metadata.uid);
        await asker.until(`${path}/${name}`, ({ status }) => status.replicas === 1);
        await asker.patch(pod, "merge-patch+json", { metadata: { labels: { app: "free" } } });
        await asker.until(pod, ({ metadata }) => metadata.ownerReferences === undefined);
        await untilPods(asker, (pods) =>
          pods.some(({ metadata }) => metadata.ownerReferences?.[0]?.uid === owner.metadata.uid),
        );
      }
    },
  },
  {
    number: 59,
    title: "of the pods of a ReplicaSet those go first that are not ready, then those that cost least",
    needs: ["controllers"],
    async check(asker) {
      const path = `/apis/apps/v1/namespaces/${asker.namespace}/replicasets`;
      await asker.create(path, {
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        metadata: { name: "set" },
        spec: {
          replicas: 4,
          selector: { matchLabels: { app: "set" } },
          template: unplacedTemplate("set", asker.image),
        },
      });
      const pods = await untilPods(asker, (all) => all.length === 4);
      const [waiting, cheap, dear, dearer] = pods.map(({ metadata }) => metadata.name);
      const cost = (name: string, value: string) =>
        asker.patch(`/api/v1/namespaces/${asker.namespace}/pods/${name}`, "merge-patch+json", {
          metadata: { annotations: { "controller.kubernetes.io/pod-deletion-cost": value } },
        });
      await cost(waiting, "1000");
      await cost(cheap, "-5");
      await cost(dear, "10");
      await cost(dearer, "20");
      for (const name of [cheap, dear, dearer]) await makeReady(asker, name);
      await asker.until(`${path}/set`, ({ status }) => status.readyReplicas === 3);
      for (const [count, gone] of [
        [3, waiting],
        [2, cheap],
        [1, dear],
      ] as const) {
        await asker.patch(`${path}/set`, "merge-patch+json", { spec: { replicas: count } });
        const left = await untilPods(asker, (all) => all.length === count);
        assert.ok(!left.some(({ metadata }) => metadata.name === gone), `${gone} should have gone`);
        await asker.until(`${path}/set`, ({ status }) => status.replicas === count);
      }
    },
  },
  {
    number: 60,
    title:
      "a StatefulSet makes its pods in order, each when the one before is ready, and deletes the last first",
    needs: ["controllers"],
    async check(asker) {
      const path = await createStatefulSet(asker, {});
      for (const count of [1, 2, 3]) {
        const pods = await untilPods(asker, (all) => all.length === count);
        assert.deepEqual(namesOf(pods), ["db-0", "db-1", "db-2"].slice(0, count));
        await makeReady(asker, `db-${count - 1}`);
      }
      const { status } = await asker.until(path, ({ status: seen }) => seen.currentReplicas === 3);
      const [pod] = await podsIn(asker);
      assert.deepEqual(pod.metadata.labels, {
        app: "db",
        "apps.kubernetes.io/pod-index": "0",
        "controller-revision-hash": status.currentRevision,
        "statefulset.kubernetes.io/pod-name": "db-0",
      });
      assert.deepEqual([pod.spec.hostname, pod.spec.subdomain], ["db-0", "db"]);
      const { items } = await asker.get(`/apis/apps/v1/namespaces/${asker.namespace}/controllerrevisions`);
      assert.deepEqual(
        items.map(({ metadata, revision }: Json) => [metadata.name, revision]),
        [[status.updateRevision, 1]],
      );
      const scale = (replicas: number) => asker.patch(path, "merge-patch+json", { spec: { replicas } });
      await scale(1);
      const left = await untilPods(asker, (all) => all.length === 1);
      assert.deepEqual(namesOf(left), ["db-0"]);
    },
  },
  {
    number: 61,
    title:
      "a StatefulSet updates the last pod first, not below the partition, and waits for one that does not get ready",
    needs: ["controllers"],
    async check(asker) {
      const isGood = ({ metadata }: Json) => metadata.annotations?.template !== "broken";
      await using _node = await playNode(asker, { isGood });
      const path = await createStatefulSet(asker, {
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } },
      });
      const template = (name: string) =>
        asker.patch(path, "strategic-merge-patch+json", {
          spec: { template: { metadata: { annotations: { template: name } } } },
        });
      const templates = (pods: readonly Json[]) =>
        pods.map(({ metadata }) => metadata.annotations?.template ?? "first").join();
      await untilPods(asker, (pods) => pods.length === 3 && pods.every(isReady));
      await template("second");
      await untilPods(asker, (pods) => templates(pods) === "first,second,second" && pods.every(isReady));
      await asker.until(path, ({ status }) => status.updatedReplicas === 2 && status.readyReplicas === 3);
      await template("broken");
      await untilPods(asker, (pods) => templates(pods) === "first,second,broken");
      await template("third");
      await asker.until(path, ({ metadata, status }) => status.observedGeneration === metadata.generation);
      assert.equal(templates(await podsIn(asker)), "first,second,broken");
      await asker.remove(`/api/v1/namespaces/${asker.namespace}/pods/db-2`);
      await untilPods(asker, (pods) => templates(pods) === "first,third,third" && pods.every(isReady));
    },
  },
  {
    number: 62,
    title: "a pod of a StatefulSet that failed comes again under its name; a claim outlives its pod",
    needs: ["controllers"],
    async check(asker) {
      await using _node = await playNode(asker);
      const path = await createStatefulSet(asker, {
        podManagementPolicy: "Parallel",
        volumeClaimTemplates: [
          {
            metadata: { name: "data" },
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
          },
        ],
      });
      const pods = await untilPods(asker, (all) => all.length === 3 && all.every(isReady));
      const before = pods[1].metadata.uid;
      await patchStatus(asker, "db-1", { phase: "Failed" });
      await untilPods(asker, (all) => {
        const pod = all.find(({ metadata }) => metadata.name === "db-1");
        return pod !== undefined && pod.metadata.uid !== before && isReady(pod);
      });
      await asker.patch(path, "merge-patch+json", { spec: { replicas: 1 } });
      await untilPods(asker, (all) => all.length === 1);
      const { items } = await asker.get(`/api/v1/namespaces/${asker.namespace}/persistentvolumeclaims`);
      assert.deepEqual(namesOf(items).toSorted(), ["data-db-0", "data-db-1", "data-db-2"]);
      assert.deepEqual(items[0].metadata.labels, { app: "db" });
    },
  },
  {
    number: 63,
    title:
      "a DaemonSet has a pod for each node, which tolerates what may be wrong with it, and rolls one by one",
    needs: ["controllers"],
    async check(asker) {
      const path = `/apis/apps/v1/namespaces/${asker.namespace}/daemonsets`;
      await asker.create(path, {
        apiVersion: "apps/v1",
        kind: "DaemonSet",
        metadata: { name: "agent" },
        spec: {
          selector: { matchLabels: { app: "agent" } },
          template: unplacedTemplate("agent", asker.image),
        },
      });
      const { items: nodes } = await asker.get("/api/v1/nodes");
      const pods = await untilPods(asker, (all) => all.length === nodes.length);
      const places = pods.map(({ spec }) => {
        const { nodeAffinity } = spec.affinity;
        return nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]
          .matchFields[0];
      });
      assert.deepEqual(places.map(({ values }) => values[0]).toSorted(), namesOf(nodes).toSorted());
      assert.deepEqual(
        pods[0].spec.tolerations.map(({ key, effect }: Json) => `${key}:${effect}`),
        [
          "node.kubernetes.io/not-ready:NoExecute",
          "node.kubernetes.io/unreachable:NoExecute",
          "node.kubernetes.io/disk-pressure:NoSchedule",
          "node.kubernetes.io/memory-pressure:NoSchedule",
          "node.kubernetes.io/pid-pressure:NoSchedule",
          "node.kubernetes.io/unschedulable:NoSchedule",
        ],
      );
      assert.equal(pods[0].metadata.labels["pod-template-generation"], "1");
      for (const pod of pods) await makeReady(asker, pod.metadata.name);
      await asker.until(`${path}/agent`, ({ status }) => status.numberAvailable === nodes.length);
      await asker.patch(`${path}/agent`, "strategic-merge-patch+json", {
        spec: { template: { metadata: { annotations: { template: "second" } } } },
      });
      const isNew = ({ metadata }: Json) => metadata.annotations?.template === "second";
      for (let done = 1; done <= nodes.length; done += 1) {
        const now = await untilPods(
          asker,
          (all) => all.length === nodes.length && all.filter(isNew).length === done,
        );
        const pod = now.find((each) => isNew(each) && !isReady(each));
        await makeReady(asker, pod.metadata.name);
      }
      const { status } = await asker.until(`${path}/agent`, ({ status: seen }) => {
        return seen.updatedNumberScheduled === nodes.length && seen.numberAvailable === nodes.length;
      });
      assert.equal(status.numberUnavailable, undefined);
      const revisions = `/apis/apps/v1/namespaces/${asker.namespace}/controllerrevisions`;
      const { items } = await asker.get(revisions);
      assert.deepEqual(items.map(({ revision }: Json) => revision).toSorted(), [1, 2]);
    },
  },
];

function namesOf(objects: readonly Json[]): string[] {
  return objects.map(({ metadata }) => metadata.name);
}

/** Creates a StatefulSet of three pods that no scheduler places, and gives its path. */
async function createStatefulSet({ namespace, image, create }: Asker, spec: Json): Promise<string> {
  const path = `/apis/apps/v1/namespaces/${namespace}/statefulsets`;
  await create(path, {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "db" },
    spec: {
      serviceName: "db",
      replicas: 3,
      selector: { matchLabels: { app: "db" } },
      template: unplacedTemplate("db", image),
      ...spec,
    },
  });
  return `${path}/db`;
}
