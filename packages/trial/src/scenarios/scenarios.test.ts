import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { answersBadlyImage, Cluster } from "@seaworthy/cluster";
import { SeaworthyError } from "@seaworthy/errors";
import { parseManifests, resourceTypes, type Deployment, type KubeObject } from "@seaworthy/kube";
import { epochMs } from "@seaworthy/load";
import { applyManifests, waitForRollout, type Applied } from "@seaworthy/release";
import { createAppliedSets, type AppliedSets } from "../applied-sets.ts";
import type { Harm } from "../causes/harm.ts";
import { nodesMissedSooner } from "../environments/environment.ts";
import { exampleFacts } from "../testing/example-facts.ts";
import { recordTimeline, type TimelineRecorder } from "../timeline/record-timeline.ts";
import type { TrialEvent } from "../trial-event.ts";
import { allScenarios } from "./all-scenarios.ts";
import type { ScenarioName, Stage } from "./scenario.ts";

const text = `apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: default }
data: { colour: blue }
---
apiVersion: v1
kind: Secret
metadata: { name: key, namespace: default }
stringData: { token: t }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: default }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: web } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: web
          ports: [{ containerPort: 8080 }]
          envFrom: [{ configMapRef: { name: settings } }]
          env: [{ name: TOKEN, valueFrom: { secretKeyRef: { name: key, key: token } } }]
          volumeMounts: [{ name: files, mountPath: /files }]
      volumes: [{ name: files, configMap: { name: settings } }]
`;
const manifests = parseManifests("web.yaml", text);
const target = { namespace: "default", name: "web" };

let resources: AsyncDisposableStack;
let cluster: Cluster;
let recorder: TimelineRecorder;
let sets: AppliedSets;
let applied: readonly Applied[];

before(async () => {
  resources = new AsyncDisposableStack();
  cluster = resources.use(await Cluster.start({ profile: "instant", nodes: 2, nodesMissedSooner }));
  sets = createAppliedSets(cluster.client, (set) =>
    applyManifests(cluster.client, set, { namespace: "default" }),
  );
  applied = await sets.apply(manifests);
  await waitForRollout(cluster.client, target, { timeoutMs: 30_000 });
  recorder = resources.use(await recordTimeline(cluster.client, ["default"]));
});
after(() => resources.disposeAsync());

/** Plays a scenario. Gives its rounds, what it did to which pods and said, and the pods that ended. */
async function play(name: ScenarioName, over: Partial<Stage> = {}) {
  const endedBefore = new Set(ended().map(({ uid }) => uid));
  const harms = new Map<string, Harm>();
  const notes: string[] = [];
  const rounds = await allScenarios[name].act({
    client: cluster.client,
    recorder,
    deployments: [target],
    namespace: "default",
    now: manifests,
    next: undefined,
    applied,
    sets,
    rounds: undefined,
    wanted: { terminations: 6, withinMs: 60_000, measured: 0 },
    lost: () => 0,
    replicas: 2,
    untilRouted: (_, mostMs, signal) => sleep(mostMs, undefined, { signal }),
    timeoutMs: 30_000,
    paths: ["/"],
    badApp: { image: answersBadlyImage, standsIn: true },
    nodePower: {
      noticedSooner: nodesMissedSooner,
      set: async (node, isOn) => {
        const annotations = { "seaworthy.dev/power": isOn ? null : "off" };
        await cluster.client.patch(resourceTypes.nodes, undefined, node, "merge", {
          metadata: { annotations },
        });
      },
    },
    restartEdge: undefined,
    edgeRestarting: () => () => {},
    ratePerSecond: 100,
    moreLoad: async () => ({ async [Symbol.asyncDispose]() {} }),
    strain: () => undefined,
    scaled: () => {},
    harm: (uid, harm) => void harms.set(uid, harm),
    note: (text) => void notes.push(text),
    signal: AbortSignal.timeout(120_000),
    onEvent: () => {},
    ...over,
  });
  return { rounds, harms, notes, ended: ended().filter(({ uid }) => !endedBefore.has(uid)) };
}

function ended() {
  return recorder.read().pods.filter(({ goneAt }) => goneAt !== undefined);
}

/** What a scenario has to put back. */
async function stateNow() {
  const { client } = cluster;
  const deployment = await client.get<Deployment>(resourceTypes.deployments, "default", "web");
  const nodes = await client.list<KubeObject>(resourceTypes.nodes);
  const names = async (type: "configmaps" | "secrets") =>
    (await client.list<KubeObject>(resourceTypes[type], { namespace: "default" })).items.map(
      ({ metadata }) => metadata.name,
    );
  return {
    replicas: deployment.spec.replicas,
    template: deployment.spec.template,
    nodes: nodes.items.map((node) => (node["spec"] as { unschedulable?: boolean }).unschedulable ?? false),
    configMaps: await names("configmaps"),
    secrets: await names("secrets"),
  };
}

const cases: readonly [name: ScenarioName, rounds: number, ended: number, killed: number][] = [
  ["config-change", 1, 4, 0],
  ["scale", 1, 2, 0],
  ["pod-kill", 2, 2, 2],
];

for (const [name, rounds, ends, kills] of cases) {
  test(`${name}: ${ends} pods end, and everything is as it was`, async () => {
    const before = await stateNow();
    const played = await play(name);
    assert.equal(played.rounds, rounds);
    assert.equal(played.ended.length, ends);
    assert.equal(played.harms.size, kills);
    assert.deepEqual(await stateNow(), before);
  });
}

test("config-change: pods of the copies' names came and went", async () => {
  const template = async () =>
    (await cluster.client.get<Deployment>(resourceTypes.deployments, "default", "web")).spec.template;
  let seen: unknown;
  await play("config-change", {
    onEvent: () => {},
    client: {
      ...cluster.client,
      update: async (type, object, subresource) => {
        seen ??= (object as unknown as Deployment).spec.template.spec;
        return await cluster.client.update(type, object, subresource);
      },
    },
  });
  const written = JSON.stringify(seen);
  assert.equal(written.match(/settings-seaworthy-trial/g)?.length, 2, written);
  assert.equal(written.match(/key-seaworthy-trial/g)?.length, 1, written);
  assert.doesNotMatch(JSON.stringify(await template()), /seaworthy-trial/);
});

test("bad-release: the good pods stay, and the bad ones go", async () => {
  const before = await stateNow();
  const good = recorder.read().pods.filter(({ goneAt }) => goneAt === undefined);
  const played = await play("bad-release");
  assert.equal(played.rounds, 3);
  assert.deepEqual(
    played.ended.filter((pod) => good.some(({ uid }) => uid === pod.uid)),
    [],
  );
  assert.equal(played.ended.length, 3, "one bad pod of each version, as maxUnavailable is none of two");
  assert.ok(played.ended.every(({ ready }) => ready.length === 0));
  assert.deepEqual(await stateNow(), before);
});

test("bad-answers: without a probe of what users ask the version replaces the good pods, and is taken back", async () => {
  const before = await stateNow();
  const played = await play("bad-answers");
  const causes = [...played.harms.values()].map(({ cause }) => cause);
  assert.deepEqual([...new Set(causes)], ["bad-version"]);
  assert.match(
    played.notes.join(),
    /^web: 6 s after .* the bad version had 2 ready pods, and 0 of 2 old ones/,
  );
  assert.deepEqual(await stateNow(), before);
});

test("bad-answers: behind a probe of what users ask no pod of the version gets ready", async () => {
  const probe = { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 };
  const patch = (readinessProbe: object | null) => ({
    spec: { template: { spec: { containers: [{ name: "web", readinessProbe }] } } },
  });
  const write = async (readinessProbe: object | null) => {
    const body = patch(readinessProbe);
    await cluster.client.patch(resourceTypes.deployments, "default", "web", "strategic", body);
    await waitForRollout(cluster.client, target, { timeoutMs: 30_000 });
    await recorder.until(
      ({ pods }) => pods.filter(({ goneAt }) => goneAt === undefined).length === 2,
      30_000,
    );
  };
  await write(probe);
  try {
    const good = recorder.read().pods.filter(({ goneAt }) => goneAt === undefined);
    const played = await play("bad-answers");
    assert.match(played.notes.join(), /no pod of the bad version got ready/);
    assert.ok(good.every(({ uid }) => !played.ended.some((pod) => pod.uid === uid)));
  } finally {
    await write(null);
  }
});

test("bad-answers is asked for where the probe asks nothing that users ask, and elsewhere comes by itself", () => {
  const service = (readinessPath: string | undefined) => ({
    client: cluster.client,
    manifests,
    deployments: [target],
    facts: [{ ...exampleFacts, readinessPath }],
    paths: ["/", "/orders"],
    badApp: undefined,
    nodePower: undefined,
    edges: [],
    restartEdge: undefined,
  });
  const { unasked } = allScenarios["bad-answers"];
  assert.equal(unasked?.(service("/orders")), undefined);
  for (const path of ["/healthz", undefined])
    assert.match(unasked?.(service(path)) ?? "", /Deployment shop asks nothing that users ask/);
});

test("node-loss: the pods of one node are harmed until they are back, and all is as it was", async () => {
  const before = await stateNow();
  const played = await play("node-loss");
  assert.equal(played.rounds, 1);
  assert.deepEqual(played.ended, []);
  const [harm] = played.harms.values();
  assert.equal(played.harms.size, 1, "two pods on two nodes");
  assert.equal(harm?.cause, "pod-killed");
  assert.ok((harm.until ?? 0) > harm.from);
  assert.match(
    played.notes[0] ?? "",
    /^node-\d went with 1 of 2 pods of web; their endpoints were withdrawn/,
  );
  assert.deepEqual(await stateNow(), before);
});

test("node-drain: as the budget allows, each node in turn", async () => {
  const before = await stateNow();
  const nodes = new Set(
    recorder.read().pods.flatMap(({ goneAt, node }) => (goneAt === undefined ? [node] : [])),
  );
  const played = await play("node-drain");
  assert.equal(played.rounds, nodes.size);
  assert.ok(played.ended.length >= 2);
  assert.deepEqual(await stateNow(), before);
});

test("node-drain: a budget that allows nothing is the answer, and the node is given back", async () => {
  const budget = (spec: object) =>
    cluster.client.patch(resourceTypes.poddisruptionbudgets, "default", "web", "merge", { spec });
  await budget({ maxUnavailable: null, minAvailable: 2 });
  try {
    const before = await stateNow();
    await assert.rejects(play("node-drain", { timeoutMs: 1_500 }), (error: unknown) => {
      assert.ok(error instanceof SeaworthyError && error.code === "SW6006");
      assert.match(String(error.details.seen), /disruption budget/);
      return true;
    });
    assert.deepEqual(await stateNow(), before);
  } finally {
    await budget({ minAvailable: null, maxUnavailable: 1 });
  }
});

test("release: another name, other settings and a new image, and all as it was in the end", async () => {
  const before = await stateNow();
  const next = parseManifests(
    "next.yaml",
    text.replaceAll("name: web, namespace", "name: web-2, namespace").replaceAll("settings", "settings-2"),
  );
  let seen: string[] = [];
  const played = await play("release", {
    next,
    onEvent: () => {},
    sets: {
      ...sets,
      remove: async (left) => {
        seen = [...seen, ...left.map(({ type, name }) => `${type.kind} ${name}`)];
        return await sets.remove(left);
      },
    },
  });
  assert.equal(played.rounds, 1);
  assert.equal(played.ended.length, 4, "two of each Deployment");
  assert.deepEqual(seen.toSorted(), [
    "ConfigMap settings",
    "ConfigMap settings-2",
    "Deployment web",
    "Deployment web-2",
    "PodDisruptionBudget web",
    "PodDisruptionBudget web-2",
  ]);
  assert.deepEqual(await stateNow(), before);
});

test("what makes no sense of a service says why", async () => {
  const unfit = async (name: ScenarioName, own = manifests) =>
    await allScenarios[name].unfit({
      client: cluster.client,
      manifests: own,
      deployments: [target],
      facts: [],
      paths: ["/"],
      badApp: undefined,
      nodePower: undefined,
      edges: ["ingress"],
      restartEdge: undefined,
    });
  for (const name of ["config-change", "scale", "node-drain", "pod-kill"] as const)
    assert.equal(await unfit(name), undefined);
  const scaler = parseManifests(
    "hpa.yaml",
    `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: scaler, namespace: default }
spec: { maxReplicas: 4, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web } }
`,
  );
  assert.match((await unfit("bad-answers")) ?? "", /--bad-image/);
  assert.match((await unfit("node-loss")) ?? "", /cannot be switched off/);
  assert.match((await unfit("edge-restart")) ?? "", /--edge NAMESPACE\/NAME/);
  assert.match((await unfit("scale", [...manifests, ...scaler])) ?? "", /scaler decides/);
  assert.match((await unfit("config-change", [])) ?? "", /no ConfigMap/);
});

// Last: what these write into the template stays there.
test("a rollout ends as many pods as are wanted, and none after a loss", async () => {
  const played = await play("rollout", { wanted: { terminations: 4, withinMs: 60_000, measured: 0 } });
  assert.deepEqual([played.rounds, played.ended.length], [2, 4]);
  const lossy = await play("rollout", {
    wanted: { terminations: 4, withinMs: 60_000, measured: 0 },
    lost: () => 1,
  });
  assert.deepEqual([lossy.rounds, lossy.ended.length], [0, 0]);
});

test("a rollout that has ended six pods begins no round that would be over too late", async () => {
  const played = await play("rollout", { wanted: { terminations: 100, withinMs: 0, measured: 0 } });
  assert.deepEqual([played.rounds, played.ended.length], [3, 6]);
});

test("a round of a rollout begins once its pods' start and its wait let those of the one before serve", async () => {
  const at: number[] = [];
  const onEvent = ({ type }: TrialEvent) => void (type.startsWith("round-") && at.push(epochMs()));
  const { ended: pods } = await play("rollout", { rounds: 2, onEvent });
  const [firstBegan, firstDone, secondBegan] = at as [number, number, number];
  const firstEndMs = Math.min(...pods.map(({ deletionSeenAt = 0 }) => deletionSeenAt)) - firstBegan;
  assert.ok(secondBegan - firstDone + firstEndMs > 3_390);
});
