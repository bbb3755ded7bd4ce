import {
  createClient,
  createInformer,
  isConflict,
  isNotFound,
  type Informer,
  type KubeClient,
} from "@seaworthy/client";
import {
  resourceTypes,
  type Deployment,
  type KubeObject,
  type Node,
  type Pod,
  timestamp,
  createKinds,
} from "@seaworthy/kube";
import { createApiServer } from "../apiserver/create-api-server.ts";
import type { Clock } from "../clock.ts";
import { seededRandom } from "../random.ts";
import { seedCluster } from "../controllers/seed-cluster.ts";
import { startControllers } from "../controllers/start-controllers.ts";

/** For tests: the real API server and controllers, and nodes that only pretend to run pods. */
export interface SimulatedCluster extends AsyncDisposable {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly pods: Informer<Pod>;
  /** Resolves with what `read` finds, as soon as it finds something. */
  until<T>(what: string, read: () => Promise<T | undefined | false> | T | undefined | false): Promise<T>;
}

/** How a simulation runs. */
export interface SimulationOptions {
  readonly seed: number;
  readonly nodes?: number;
  /** How much faster than real time the cluster's clock goes. */
  readonly speed?: number;
}

/** Starts one. Pods whose image contains `broken` never get Ready; every delay is random by the seed. */
export async function startSimulatedCluster(options: SimulationOptions): Promise<SimulatedCluster> {
  await using started = new AsyncDisposableStack();
  const clock = fastClock(options.speed ?? 50);
  const random = seededRandom(options.seed);
  const kinds = createKinds();
  const apiServer = createApiServer({ kinds, clock, random, logs: noLogs });
  const client = createClient(apiServer.transport);
  await seedCluster(client, { clock });
  for (let index = 1; index <= (options.nodes ?? 3); index += 1) await createNode(client, `n${index}`);
  started.use(await startControllers({ client, clock, rootCa: "simulated", kinds }));
  const pods = started.use(createInformer<Pod>(client, resourceTypes.pods));
  await pods.synced;
  started.use(pretendToRunPods(client, clock, random, pods));
  const resources = started.move();
  return { client, clock, pods, until, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** A Deployment for tests. */
export function simulatedDeployment(
  name: string,
  image: string,
  spec: Partial<Deployment["spec"]>,
): Deployment {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image }] } },
      ...spec,
    },
  };
}

// eslint-disable-next-line require-yield
async function* noLogs(): AsyncGenerator<string> {
  throw new Error("pods that are only pretended have no logs");
}

async function until<T>(
  what: string,
  read: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const endMs = Date.now() + 20_000;
  let reason: unknown;
  while (Date.now() < endMs) {
    try {
      const found = await read();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      reason = error;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
  throw new Error(`not within 20 s: ${what}`, { cause: reason });
}

function fastClock(speed: number): Clock {
  const startMs = Date.now();
  return {
    now: () => startMs + Math.round((Date.now() - startMs) * speed),
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs / speed);
      return () => {
        clearTimeout(timer);
      };
    },
  };
}

async function createNode(client: KubeClient, name: string): Promise<void> {
  const node: Node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name } },
  };
  const created = await client.create(resourceTypes.nodes, node);
  const status = {
    allocatable: { cpu: "8", memory: "16Gi", pods: "110" },
    conditions: [{ type: "Ready", status: "True" }],
  };
  await client.update<Node>(resourceTypes.nodes, { ...created, status }, "status");
}

function pretendToRunPods(
  client: KubeClient,
  clock: Clock,
  random: () => number,
  pods: Informer<Pod>,
): AsyncDisposable {
  const seen = new Set<string>();
  const cancels = new Set<() => void>();
  const running = new Set<Promise<void>>();
  let address = 0;

  function later(key: string, maxDelayMs: number, act: () => Promise<void>): void {
    if (seen.has(key)) return;
    seen.add(key);
    const cancel = clock.after(random() * maxDelayMs, () => {
      cancels.delete(cancel);
      const run = act()
        .catch(unlessGone)
        .finally(() => running.delete(run));
      running.add(run);
    });
    cancels.add(cancel);
  }

  const unsubscribe = pods.onChange(({ type, object: pod }) => {
    const { uid = "", deletionTimestamp } = pod.metadata;
    if (type === "deleted" || (pod.spec.nodeName ?? "") === "") return;
    if (deletionTimestamp !== undefined) later(`stop ${uid}`, 3000, () => remove(client, pod));
    else if (!pod.spec.containers.some(({ image = "" }) => image.includes("broken"))) {
      address += 1;
      const podIP = `10.0.${address >> 8}.${address & 255}`;
      later(`start ${uid}`, 3000, () => makeReady(client, pod, podIP, clock.now()));
    }
  });
  return {
    async [Symbol.asyncDispose]() {
      unsubscribe();
      for (const cancel of cancels) cancel();
      await Promise.all(running);
    },
  };
}

async function makeReady(
  client: KubeClient,
  { metadata, status }: Pod,
  podIP: string,
  nowMs: number,
): Promise<void> {
  const ready = { type: "Ready", status: "True", lastTransitionTime: timestamp(nowMs) };
  const conditions = [...(status?.conditions ?? []), ready];
  const patch = { status: { phase: "Running", podIP, conditions } };
  await client.patch<KubeObject>(
    resourceTypes.pods,
    metadata.namespace,
    metadata.name,
    "merge",
    patch,
    "status",
  );
}

async function remove(client: KubeClient, { metadata }: Pod): Promise<void> {
  const uid = metadata.uid === undefined ? {} : { uid: metadata.uid };
  await client.delete(resourceTypes.pods, metadata.namespace, metadata.name, {
    gracePeriodSeconds: 0,
    ...uid,
  });
}

function unlessGone(error: unknown): void {
  if (!isNotFound(error) && !isConflict(error)) throw error;
}
