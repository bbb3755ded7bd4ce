import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createInformer } from "@seaworthy/client";
import {
  resourceTypes,
  type CoreEvent,
  type KubeObject,
  type Pod,
  type PodSpec,
  type ServedType,
} from "@seaworthy/kube";
import { systemClock } from "../../clock.ts";
import { createPodNetwork } from "../../network/pods/create-pod-network.ts";
import { seededRandom } from "../../random.ts";
import { detectRuntime } from "../runtime/detect-runtime.ts";
import { createImages } from "../container/images.ts";
import type { ContainerLimits } from "../limits/container-limits.ts";
import { instantPace } from "../../node-pace.ts";
import { forgetNodes } from "./forget-nodes.ts";
import { startNodes } from "./start-nodes.ts";
import { createMemoryClient } from "../testing/memory-client.ts";

const server = `
  const name = process.env.POD_NAME;
  require("node:http").createServer((request, response) => response.end(name + " " + process.env.SETTING + " " +
    require("node:fs").readFileSync("/etc/app/key", "utf8"))).listen(8080, () => console.log("listening"));
  process.on("SIGTERM", () => { console.log("SIGTERM"); process.exit(0); });`;

async function startTest(resources: AsyncDisposableStack) {
  const dataDir = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  resources.defer(() => rm(dataDir, { recursive: true, force: true }));
  const client = createMemoryClient();
  const random = seededRandom(1);
  const network = createPodNetwork({ clock: systemClock, random });
  const images = createImages({
    run: { app: `'${process.execPath}' -e '${server}'` },
    standIn: { onTerm: "exit", drainMs: 0, startMs: 0 },
    cwd: tmpdir(),
  });
  const runtime = resources.use(await detectRuntime());
  const confined: ContainerLimits[] = [];
  const options = {
    client,
    clock: systemClock,
    clusterClock: systemClock,
    random,
    runtime,
    network,
    pace: () => instantPace,
    images,
    leasePeriodMs: 10_000,
    nodeNames: ["node-1"],
    dataDir,
    reachable: [],
    limits: {
      holdsCpu: false,
      confine: (limits: ContainerLimits) => {
        confined.push(limits);
        return undefined;
      },
      place: () => {},
    },
  };
  const pods = resources.use(createInformer<Pod>(client, resourceTypes.pods));
  const nodes = resources.use(await startNodes(options));
  /** Ends the nodes as the end of their process would, and starts them again. */
  const restart = async () => {
    await nodes[Symbol.asyncDispose]();
    resources.use(await startNodes(options));
  };
  const until = (name: string, accept: (pod: Pod | undefined) => boolean) =>
    new Promise<Pod | undefined>((resolve) => {
      const unsubscribe = pods.onChange(() => {
        const pod = pods.get("default", name);
        if (!accept(pod)) return;
        queueMicrotask(() => unsubscribe());
        resolve(pod);
      });
    });
  const create = (name: string, spec: Partial<PodSpec>) =>
    client.create<Pod>(resourceTypes.pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "default" },
      spec: { nodeName: "node-1", containers: [], ...spec },
    });
  const events = resources.use(createInformer<CoreEvent>(client, resourceTypes.events));
  const eventOf = (reason: string) =>
    new Promise<void>((resolve) => {
      events.onChange(({ object }) => object.reason === reason && resolve());
    });
  return { client, network, nodes, until, create, images, eventOf, restart, confined };
}

const isReady = (pod: Pod | undefined) =>
  pod?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;

const appSpec: Partial<PodSpec> = {
  containers: [
    {
      name: "app",
      image: "app:v1",
      env: [
        { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        { name: "SETTING", value: "hello-$(POD_NAME)" },
      ],
      readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 },
      volumeMounts: [{ name: "config", mountPath: "/etc/app" }],
    },
  ],
  volumes: [{ name: "config", configMap: { name: "app" } }],
};

test("a pod that its node has no place for has failed", { timeout: 30_000 }, async () => {
  await using resources = new AsyncDisposableStack();
  const { until, create } = await startTest(resources);
  await create("big", {
    containers: [{ name: "app", image: "app:v1", resources: { requests: { cpu: "100000" } } }],
  });
  const big = await until("big", (pod) => pod?.status?.phase === "Failed");
  assert.equal(big?.status?.reason, "OutOfcpu");
  assert.equal(big.status.containerStatuses, undefined);
});

test(
  "a pod is ended after its activeDeadlineSeconds, and has failed when its containers are over",
  { timeout: 30_000 },
  async () => {
    await using resources = new AsyncDisposableStack();
    const { until, create, eventOf } = await startTest(resources);
    const told = eventOf("DeadlineExceeded");
    const phases: (string | undefined)[] = [];
    const ending = until("late", (pod) => {
      const ready = pod?.status?.conditions?.find(({ type }) => type === "Ready");
      if (ready?.reason === "PodFailed") phases.push(pod?.status?.phase);
      return pod?.status?.phase === "Failed";
    });
    const slow = `process.on("SIGTERM", () => setTimeout(() => process.exit(0), 300)); setInterval(() => {}, 1000)`;
    await create("late", {
      activeDeadlineSeconds: 1,
      terminationGracePeriodSeconds: 20,
      containers: [{ name: "app", image: "app:v1", command: [process.execPath, "-e", slow] }],
    });
    const late = await ending;
    await told;
    assert.equal(phases[0], "Running");
    assert.deepEqual(
      [late?.status?.reason, late?.status?.message],
      ["DeadlineExceeded", "Pod was active on the node longer than the specified deadline"],
    );
    assert.equal(late?.status?.containerStatuses?.[0]?.restartCount, 0);
    assert.equal(late?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode, 0);
  },
);

test("a deadline that a pod is given while it runs is heeded", { timeout: 30_000 }, async () => {
  await using resources = new AsyncDisposableStack();
  const { client, until, create } = await startTest(resources);
  const sleep = `setInterval(() => {}, 1000)`;
  await create("late", {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: "app", image: "app:v1", command: [process.execPath, "-e", sleep] }],
  });
  const running = await until("late", isReady);
  await client.update<Pod>(resourceTypes.pods, {
    ...running!,
    spec: { ...running!.spec, activeDeadlineSeconds: 1 },
  });
  const late = await until("late", (pod) => pod?.status?.phase === "Failed");
  assert.equal(late?.status?.reason, "DeadlineExceeded");
});

test(
  "the resources of a pod change while it runs, and wait until its node has them",
  { timeout: 30_000 },
  async () => {
    await using resources = new AsyncDisposableStack();
    const { client, until, create, eventOf, confined } = await startTest(resources);
    const sleep = [process.execPath, "-e", `setInterval(() => {}, 1000)`];
    const spec = (cpu: string, memory: string): Partial<PodSpec> => ({
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: "app",
          image: "app:v1",
          command: sleep,
          resources: { requests: { cpu }, limits: { memory } },
          resizePolicy: [{ resourceName: "memory", restartPolicy: "RestartContainer" }],
        },
      ],
    });
    const statusOf = (pod: Pod | undefined) => pod?.status?.containerStatuses?.[0];
    const conditionOf = (pod: Pod | undefined, type: string) =>
      pod?.status?.conditions?.find((condition) => condition.type === type);
    const resize = async (wanted: Partial<PodSpec>) => {
      const pod = await client.get<Pod>(resourceTypes.pods, "default", "web");
      await client.update<Pod>(resourceTypes.pods, { ...pod, spec: { ...pod.spec, ...wanted } });
    };
    await create("other", spec("3", "1Gi"));
    await create("web", spec("1", "1Gi"));
    const first = statusOf(await until("web", isReady));
    assert.deepEqual(first?.resources, { requests: { cpu: "1" }, limits: { memory: "1Gi" } });
    assert.deepEqual(first?.allocatedResources, { cpu: "1" });

    await resize(spec("2", "1Gi"));
    const larger = await until("web", (pod) => statusOf(pod)?.resources?.requests?.["cpu"] === "2");
    assert.equal(statusOf(larger)?.restartCount, 0);
    assert.equal(conditionOf(larger, "PodResizeInProgress"), undefined);

    await resize(spec("2", "2Gi"));
    const restarted = await until(
      "web",
      (pod) => isReady(pod) && statusOf(pod)?.resources?.limits?.["memory"] === "2Gi",
    );
    assert.equal(statusOf(restarted)?.restartCount, 1);
    assert.equal(conditionOf(restarted, "PodResizeInProgress"), undefined);
    assert.deepEqual(confined.at(-1), { memoryBytes: 2 ** 31, cpuRequestMillis: 2_000 });

    const deferred = eventOf("ResizeDeferred");
    await resize(spec("7", "2Gi"));
    await deferred;
    const waiting = await until("web", (pod) => conditionOf(pod, "PodResizePending") !== undefined);
    assert.match(
      `${conditionOf(waiting, "PodResizePending")?.reason}: ${conditionOf(waiting, "PodResizePending")?.message}`,
      /^Deferred: Node didn't have enough resource: cpu, requested: 7000, used: 3000, capacity: 8000$/,
    );
    assert.equal(statusOf(waiting)?.allocatedResources?.["cpu"], "2");

    await client.delete(resourceTypes.pods, "default", "other", { gracePeriodSeconds: 0 });
    const given = await until("web", (pod) => statusOf(pod)?.resources?.requests?.["cpu"] === "7");
    assert.equal(conditionOf(given, "PodResizePending"), undefined);
  },
);

test("a container that ends says why in its status, in /dev as well", { timeout: 30_000 }, async () => {
  await using resources = new AsyncDisposableStack();
  const { until, create } = await startTest(resources);
  await create("one", {
    restartPolicy: "Never",
    containers: [
      {
        name: "app",
        image: "app:v1",
        command: [process.execPath, "-e", `require("node:fs").writeFileSync("/dev/termination-log", "why")`],
        terminationMessagePath: "/dev/termination-log",
      },
    ],
  });
  const ended = await until("one", (pod) => pod?.status?.phase === "Succeeded");
  assert.equal(ended?.status?.containerStatuses?.[0]?.state?.terminated?.message, "why");
});

test(
  "two pods run on one port, wait for their ConfigMap, log, and go gracefully",
  { timeout: 30_000 },
  async () => {
    await using resources = new AsyncDisposableStack();
    const { client, network, nodes, until, create, eventOf } = await startTest(resources);
    await Promise.all([create("one", appSpec), create("two", appSpec)]);
    await eventOf("FailedMount");
    await client.create(resourceTypes.configmaps, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "app", namespace: "default" },
      data: { key: "value" },
    });
    const [one, two] = await Promise.all([until("one", isReady), until("two", isReady)]);
    assert.equal(await get(network, one!), "one hello-one value");
    assert.equal(await get(network, two!), "two hello-two value");

    let log = "";
    const following = (async () => {
      const request = { container: "app", previous: false, follow: true, timestamps: false };
      const signal = new AbortController().signal;
      for await (const text of nodes.kubelet.readLog("default", "one", { ...request, signal })) log += text;
    })();
    const finished = until("one", (pod) => pod?.status?.phase === "Succeeded");
    const gone = until("one", (pod) => pod === undefined);
    await client.delete(resourceTypes.pods, "default", "one");
    assert.equal(isReady(await finished), false);
    await following;
    assert.equal(log, "listening\nSIGTERM\n");
    await gone;
    await assert.rejects(network.dial(one!.status!.podIP!, 8080, 50), /ETIMEDOUT|EHOSTUNREACH/);

    const reasons = client.objects(resourceTypes.events).map((event) => (event as CoreEvent).reason);
    for (const reason of ["FailedMount", "Pulled", "Created", "Started", "Killing"])
      assert.ok(reasons.includes(reason), `${reason} of ${reasons.join()}`);
  },
);

test("an unknown image is stood in for, a missing command is not", { timeout: 30_000 }, async () => {
  await using resources = new AsyncDisposableStack();
  const { network, until, create, images } = await startTest(resources);
  await create("web", { containers: [{ name: "web", image: "nginx:1.27", ports: [{ containerPort: 80 }] }] });
  await create("broken", { containers: [{ name: "web", image: "app", command: ["no-such-command"] }] });
  await create("unpullable", { containers: [{ name: "web", image: "registry.invalid/app:v2" }] });
  const waiting = (reason: string) => (pod: Pod | undefined) =>
    pod?.status?.containerStatuses?.[0]?.state?.waiting?.reason === reason;
  await until("broken", waiting("RunContainerError"));
  await until("unpullable", waiting("ErrImagePull"));
  const web = await until("web", isReady);
  assert.deepEqual(images.standIns, ["nginx:1.27"]);
  for (;;) {
    const answer = await get(network, web!, 80).catch((error: NodeJS.ErrnoException) => error);
    if (typeof answer === "string") {
      assert.equal(answer, "ok\n");
      break;
    }
    // Without a readiness probe the pod is ready before its server listens, as in Kubernetes.
    assert.equal(answer.code, "ECONNREFUSED");
  }
});

test(
  "an init container runs first, and a failing container restarts with its last state",
  { timeout: 30_000 },
  async () => {
    await using resources = new AsyncDisposableStack();
    const { until, create } = await startTest(resources);
    await create("job", {
      restartPolicy: "Never",
      initContainers: [
        {
          name: "first",
          image: "app",
          command: [process.execPath, "-e", `fs.writeFileSync("/shared/file", "made")`],
          volumeMounts: [{ name: "shared", mountPath: "/shared" }],
        },
      ],
      containers: [
        {
          name: "then",
          image: "app",
          command: [
            process.execPath,
            "-e",
            `process.exit(fs.readFileSync("/shared/file", "utf8") === "made" ? 7 : 1)`,
          ],
          volumeMounts: [{ name: "shared", mountPath: "/shared" }],
        },
      ],
      volumes: [{ name: "shared", emptyDir: {} }],
    });
    await create("crash", { containers: [{ name: "c", image: "app", command: ["sh", "-c", "exit 3"] }] });
    const crashed = await until(
      "crash",
      (pod) => pod?.status?.containerStatuses?.[0]?.state?.waiting?.reason === "CrashLoopBackOff",
    );
    const [status] = crashed!.status!.containerStatuses!;
    assert.equal(status!.restartCount, 1);
    assert.equal(status!.lastState?.terminated?.exitCode, 3);
    const job = await until("job", (pod) => pod?.status?.phase === "Failed");
    assert.equal(job!.status!.containerStatuses![0]!.state?.terminated?.exitCode, 7);
    assert.equal(job!.status!.initContainerStatuses![0]!.ready, true);
  },
);

test(
  "nodes that are started anew run the pods that they had, under the same objects",
  { timeout: 30_000 },
  async () => {
    await using resources = new AsyncDisposableStack();
    const { client, network, until, create, restart, eventOf } = await startTest(resources);
    const settings: KubeObject = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "app", namespace: "default" },
    };
    await client.create(resourceTypes.configmaps, { ...settings, data: { key: "value" } });
    const sleeper = [
      { name: "c", image: "app", command: [process.execPath, "-e", "setInterval(() => {}, 1000)"] },
    ];
    const done = [{ name: "c", image: "app", command: [process.execPath, "-e", ""] }];
    await Promise.all([
      create("web", appSpec),
      create("job", { restartPolicy: "Never", containers: sleeper }),
      create("done", { restartPolicy: "OnFailure", containers: done }),
    ]);
    const isRunning = (pod: Pod | undefined) => pod?.status?.phase === "Running";
    const [web] = await Promise.all([
      until("web", isReady),
      until("job", isRunning),
      until("done", (pod) => pod?.status?.phase === "Succeeded"),
    ]);
    const made = eventOf("SandboxChanged");
    const again = until(
      "web",
      (pod) => isReady(pod) && pod?.status?.containerStatuses?.[0]?.restartCount === 1,
    );
    const failed = until("job", (pod) => pod?.status?.phase === "Failed");
    await restart();
    const [back, job] = await Promise.all([again, failed, made]);
    assert.equal(back?.metadata.uid, web?.metadata.uid);
    assert.equal(back?.status?.startTime, web?.status?.startTime);
    assert.equal(back?.status?.podIP, web?.status?.podIP);
    assert.equal(await get(network, back!), "web hello-web value");
    const lost = back?.status?.containerStatuses?.[0]?.lastState?.terminated;
    assert.deepEqual([lost?.exitCode, lost?.reason], [255, "Unknown"]);
    assert.deepEqual(
      [
        job?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode,
        job?.status?.containerStatuses?.[0]?.restartCount,
      ],
      [255, 0],
    );
    const kept = await client.get<Pod>(resourceTypes.pods, "default", "done");
    assert.equal(kept.status?.phase, "Succeeded");
  },
);

test("a node that is there no more is forgotten, with its pods; nodes of others are not", async () => {
  const client = createMemoryClient();
  const node = (name: string, providerID: string) =>
    client.create(resourceTypes.nodes, {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name },
      spec: { providerID },
    });
  await node("node-1", "seaworthy://node-1");
  await node("node-2", "seaworthy://node-2");
  await node("another", "kwok://another");
  for (const nodeName of ["node-1", "node-2", "another"])
    await client.create(resourceTypes.pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `on-${nodeName}`, namespace: "default" },
      spec: { nodeName, containers: [] },
    });
  await forgetNodes(client, ["node-1"]);
  const namesOf = (type: ServedType) => client.objects(type).map(({ metadata }) => metadata.name);
  assert.deepEqual(namesOf(resourceTypes.nodes), ["node-1", "another"]);
  assert.deepEqual(namesOf(resourceTypes.pods), ["on-node-1", "on-another"]);
});

test("a volume does not hide the program that it is mounted over", { timeout: 30_000 }, async () => {
  await using resources = new AsyncDisposableStack();
  const checkout = await mkdtemp(join(tmpdir(), "seaworthy-checkout-"));
  resources.defer(() => rm(checkout, { recursive: true, force: true }));
  await mkdir(join(checkout, "bin"));
  await mkdir(join(checkout, "app"));
  await symlink(process.execPath, join(checkout, "bin", "node"));
  await writeFile(join(checkout, "app", "words.mjs"), `export const words = "written";`);
  await writeFile(
    join(checkout, "app", "main.mjs"),
    `import { words } from "./words.mjs";
     import { existsSync, writeFileSync } from "node:fs";
     const isEmpty = !existsSync(${JSON.stringify(join(tmpdir(), "seaworthy-beside"))});
     writeFileSync(${JSON.stringify(join(tmpdir(), "seaworthy-made"))}, words);
     process.exit(isEmpty ? 0 : 1);`,
  );
  await writeFile(join(tmpdir(), "seaworthy-beside"), "");
  resources.defer(() => rm(join(tmpdir(), "seaworthy-beside"), { force: true }));
  const { until, create } = await startTest(resources);
  for (const readOnly of [false, true]) {
    const name = readOnly ? "reader" : "writer";
    await create(name, {
      restartPolicy: "Never",
      containers: [
        {
          name: "c",
          image: "app",
          command: [join(checkout, "bin", "node"), join(checkout, "app", "main.mjs")],
          volumeMounts: [{ name: "scratch", mountPath: tmpdir(), readOnly }],
        },
      ],
      volumes: [{ name: "scratch", emptyDir: {} }],
    });
    const ended = await until(name, (pod) => /^(?:Succeeded|Failed)$/.test(pod?.status?.phase ?? ""));
    assert.equal(ended?.status?.phase, readOnly ? "Failed" : "Succeeded");
    assert.equal(existsSync(join(tmpdir(), "seaworthy-made")), false);
  }
});

async function get(network: ReturnType<typeof createPodNetwork>, pod: Pod, port = 8080): Promise<string> {
  const socket = await network.dial(pod.status!.podIP!, port, 1000);
  return new Promise((resolve, reject) => {
    const sent = request(
      { createConnection: () => socket, path: "/", headers: { connection: "close" } },
      (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => (body += chunk.toString()));
        response.on("end", () => resolve(body));
      },
    );
    sent.on("error", reject);
    sent.end();
  });
}
