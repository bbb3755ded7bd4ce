import assert from "node:assert/strict";
import type { Item } from "../item.ts";
import { configMap, deployment, service, unscheduledPod } from "../objects.ts";

/** What a write answers, and what it leaves. */
export const writeItems: readonly Item[] = [
  {
    number: 3,
    title: "a created object comes back with all that was sent, and the documented defaults",
    async check({ namespace, image, create, get }) {
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
      await create(path, deployment("defaults", image, { replicas: undefined, paused: true }));
      const { spec, metadata } = await get(`${path}/defaults`);
      assert.deepEqual(
        [
          spec.replicas,
          spec.revisionHistoryLimit,
          spec.progressDeadlineSeconds,
          spec.strategy,
          metadata.generation,
        ],
        [1, 10, 600, { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } }, 1],
      );
      const { terminationGracePeriodSeconds, restartPolicy, dnsPolicy, schedulerName, containers } =
        spec.template.spec;
      assert.deepEqual(
        [terminationGracePeriodSeconds, restartPolicy, dnsPolicy, schedulerName, containers[0].image],
        [1, "Always", "ClusterFirst", "default-scheduler", image],
      );
      const services = `/api/v1/namespaces/${namespace}/services`;
      const made = await create(services, service("defaults"));
      assert.deepEqual(made.spec.ports, [{ name: "http", protocol: "TCP", port: 80, targetPort: 80 }]);
      assert.deepEqual([made.spec.type, made.spec.sessionAffinity], ["ClusterIP", "None"]);
    },
  },
  {
    number: 4,
    title: "creating twice is 409 AlreadyExists",
    async check({ namespace, ask, create }) {
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      await create(path, configMap("twice"));
      const { code, json } = await ask("POST", path, { body: configMap("twice") });
      assert.equal(code, 409);
      assert.equal(json.reason, "AlreadyExists");
      assert.equal(json.message, 'configmaps "twice" already exists');
      assert.deepEqual(json.details, { name: "twice", kind: "configmaps" });
    },
  },
  {
    number: 5,
    title:
      "a stale PUT is 409 Conflict; a PUT of an unchanged object keeps the resourceVersion and tells no watcher",
    async check({ namespace, ask, create, replace, watch }) {
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      const first = await create(path, configMap("stale", { data: { a: "1" } }));
      const second = await replace(`${path}/stale`, { ...first, data: { a: "2" } });
      const { code, json } = await ask("PUT", `${path}/stale`, { body: { ...first, data: { a: "3" } } });
      assert.equal(code, 409);
      assert.equal(json.reason, "Conflict");
      assert.equal(
        json.message,
        'Operation cannot be fulfilled on configmaps "stale": the object has been modified; please apply your changes to the latest version and try again',
      );
      await using events = await watch(path, { resourceVersion: second.metadata.resourceVersion });
      const third = await replace(`${path}/stale`, second);
      assert.equal(third.metadata.resourceVersion, second.metadata.resourceVersion);
      await replace(`${path}/stale`, { ...third, data: { a: "4" } });
      assert.equal((await events.next())?.object.data.a, "4");
    },
  },
  {
    number: 6,
    title: "generateName adds five characters; 200 creations at once never collide",
    async check({ namespace, create }) {
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "many-" } };
      const made = await Promise.all(Array.from({ length: 200 }, () => create(path, body)));
      const names = new Set<string>(made.map(({ metadata }) => metadata.name));
      assert.equal(names.size, 200);
      for (const name of names) assert.match(name, /^many-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    },
  },
  {
    number: 15,
    title: "generation rises with the spec, and with nothing else",
    async check({ namespace, image, create, patch }) {
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
      await create(path, deployment("generation", image, { replicas: 0, paused: true }));
      const generationAfter = async (change: unknown, sub = "") =>
        (await patch(`${path}/generation${sub}`, "merge-patch+json", change)).metadata.generation;
      assert.equal(await generationAfter({ metadata: { labels: { a: "b" } } }), 1);
      assert.equal(await generationAfter({ spec: { minReadySeconds: 3 } }), 2);
      assert.equal(await generationAfter({ spec: { minReadySeconds: 3 } }), 2);
      assert.equal(await generationAfter({ status: { collisionCount: 1 } }, "/status"), 2);
      assert.equal(await generationAfter({ metadata: { generation: 9 } }), 2);
    },
  },
  {
    number: 16,
    title: "/status cannot change the spec, and a write of the object cannot change its status",
    async check({ namespace, image, create, get, replace }) {
      const path = `/api/v1/namespaces/${namespace}/pods`;
      const pod = unscheduledPod("halves", image);
      const made = await create(path, { ...pod, status: { phase: "Running", message: "mine" } });
      assert.deepEqual([made.status.phase, made.status.message], ["Pending", undefined]);
      const now = await get(`${path}/halves`);
      const main = await replace(`${path}/halves`, {
        ...now,
        metadata: { ...now.metadata, labels: { a: "b" } },
        status: { ...now.status, message: "no" },
      });
      assert.deepEqual([main.metadata.labels, main.status.message], [{ a: "b" }, undefined]);
      const status = await replace(`${path}/halves/status`, {
        ...main,
        spec: { ...main.spec, activeDeadlineSeconds: 9 },
        status: { ...main.status, message: "yes" },
      });
      assert.deepEqual([status.spec.activeDeadlineSeconds, status.status.message], [undefined, "yes"]);
    },
  },
  {
    number: 28,
    title: "dryRun=All answers the object with its defaults, stores nothing and tells no watcher",
    async check({ namespace, ask, create, patch, get, watch }) {
      const path = `/api/v1/namespaces/${namespace}/services`;
      const { metadata } = await get(path);
      await using events = await watch(path, { resourceVersion: metadata.resourceVersion });
      const dry = await create(path, service("dry"), { dryRun: "All" });
      assert.equal(dry.spec.ports[0].protocol, "TCP");
      assert.equal((await ask("GET", `${path}/dry`)).code, 404);
      const wet = await create(path, service("wet"));
      const patched = await patch(
        `${path}/wet`,
        "merge-patch+json",
        { metadata: { labels: { a: "b" } } },
        { dryRun: "All" },
      );
      assert.deepEqual(patched.metadata.labels, { a: "b" });
      assert.deepEqual((await get(`${path}/wet`)).metadata.labels, undefined);
      const first = await events.next();
      assert.deepEqual([first?.type, first?.object.metadata.name], ["ADDED", "wet"]);
      assert.equal(first?.object.metadata.uid, wet.metadata.uid);
      const { code, json } = await ask("POST", path, { body: service("odd"), query: { dryRun: "Some" } });
      assert.deepEqual([code, json.reason], [422, "Invalid"]);
    },
  },
  {
    number: 29,
    title: "the selector of a Deployment cannot change",
    async check({ namespace, image, ask, create }) {
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
      const made = await create(path, deployment("fixed", image, { replicas: 0 }));
      const labels = { app: "other" };
      const template = { ...made.spec.template, metadata: { labels } };
      const spec = { ...made.spec, selector: { matchLabels: labels }, template };
      const { code, json } = await ask("PUT", `${path}/fixed`, {
        body: { ...made, metadata: { ...made.metadata, resourceVersion: undefined }, spec },
      });
      assert.equal(code, 422);
      assert.equal(
        json.message,
        'Deployment.apps "fixed" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
      );
      assert.deepEqual(json.details.causes, [
        {
          reason: "FieldValueInvalid",
          message: 'Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
          field: "spec.selector",
        },
      ]);
    },
  },
];
