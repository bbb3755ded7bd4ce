import { heartbeats } from "../heartbeats/heartbeats.ts";
import {
  createClient,
  createInformer,
  isNotFound,
  type Informer,
  type KubeClient,
  type Transport,
} from "@seaworthy/client";
import { createKinds, resourceTypes, type Deployment, type Node, type Pod } from "@seaworthy/kube";
import { createApiServer } from "../apiserver/create-api-server.ts";
import { fasterClock, systemClock, type Clock } from "../clock.ts";
import { seededRandom } from "../random.ts";
import { createInformers } from "../controllers/reconciler/informers.ts";
import { seedCluster } from "../controllers/seed-cluster.ts";
import { startControllers } from "../controllers/start-controllers.ts";
import { frozenEvents } from "./frozen-events.ts";
import { faultyTransport } from "./faulty-transport.ts";
import { keepLeases } from "./keep-leases.ts";
import { startStandInNode } from "./stand-in-node.ts";
import { noFolders } from "./no-folders.ts";

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
  /** Whether nodes renew their leases, and are lost when they do not. */
  readonly heartbeats?: boolean;
  /** Whether requests of the controllers and of the nodes fail now and then, before or after they took place. */
  readonly faults?: boolean;
}

/** Starts one. Pods whose image contains `broken` never get Ready; every delay is random by the seed. */
export async function startSimulatedCluster(options: SimulationOptions): Promise<SimulatedCluster> {
  await using started = new AsyncDisposableStack();
  const clock = fasterClock(systemClock, options.speed ?? 50);
  const random = seededRandom(options.seed);
  const kinds = createKinds();
  const apiServer = createApiServer({ kinds, clock, random });
  const client = createClient(frozenEvents(apiServer.transport));
  await seedCluster(client, { clock });
  for (let index = 1; index <= (options.nodes ?? 3); index += 1) await createNode(client, `n${index}`);
  const unsure = options.faults === true ? faultyClient(apiServer.transport, clock, options.seed) : client;
  started.use(
    await startControllers({
      connect: () => unsure,
      clock,
      signer: apiServer.signer,
      kinds,
      random,
      folders: noFolders,
      // What takes a second here is minutes there, so a machine that is busy would lose its nodes.
      heartbeats: { ...heartbeats(), ...(options.heartbeats === true ? {} : { graceMs: Infinity }) },
    }),
  );
  const pods = started.use(createInformer<Pod>(client, resourceTypes.pods));
  await pods.synced;
  const informers = started.use(createInformers(unsure, clock));
  if (options.heartbeats === true)
    started.defer(keepLeases(client, informers.of<Node>(resourceTypes.nodes), clock));
  started.use(await startStandInNode({ client: unsure, clock, informers, kinds }, random));
  const resources = started.move();
  return { client, clock, pods, until, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

function faultyClient(transport: Transport, clock: Clock, seed: number): KubeClient {
  const random = seededRandom(seed + 1_000_003);
  return createClient(faultyTransport(transport, { clock, random, isOn: () => true, onFault: () => {} }));
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

/** More than enough of them on an idle machine; on a busy one they are further apart, and not fewer. */
const mostLooks = 4000;

async function until<T>(
  what: string,
  read: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  let reason: unknown;
  for (let looks = 0; looks < mostLooks; looks += 1) {
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
  throw new Error(`not in ${mostLooks} looks: ${what}`, { cause: reason });
}

/** A Node that has room for pods. */
export async function createNode(client: KubeClient, name: string): Promise<void> {
  const node: Node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name } },
  };
  await client.create(resourceTypes.nodes, node);
  const status = {
    allocatable: { cpu: "8", memory: "16Gi", pods: "110" },
    conditions: [{ type: "Ready", status: "True" }],
  };
  await client.patch<Node>(resourceTypes.nodes, undefined, name, "merge", { status }, "status");
}
