import { heartbeats } from "../heartbeats/heartbeats.ts";
import { createClient, isAlreadyExists, type KubeClient, type Transport } from "@seaworthy/client";
import {
  createKinds,
  resourceTypes,
  servedKinds,
  type Deployment,
  type Kinds,
  type KubeObject,
  type ServedType,
} from "@seaworthy/kube";
import { createApiServer } from "../apiserver/create-api-server.ts";
import { Store } from "../apiserver/store/store.ts";
import type { ClusterSigner } from "../cluster-signer.ts";
import { createInformers } from "../controllers/reconciler/informers.ts";
import { seedCluster } from "../controllers/seed-cluster.ts";
import { startControllers } from "../controllers/start-controllers.ts";
import { seededRandom } from "../random.ts";
import { describeCluster, describeWanted, wantedDeployment } from "./describe-cluster.ts";
import { fakeClock, type FakeClock } from "./fake-clock.ts";
import { faultyTransport } from "./faulty-transport.ts";
import { follow, textOfEvent, type Follower } from "./follower.ts";
import { createMemoryLog } from "./memory-log.ts";
import { startStandInNode } from "./stand-in-node.ts";
import { createNode } from "./simulated-cluster.ts";
import { Truth } from "./truth.ts";
import { noFolders } from "./no-folders.ts";

/** How a world runs. */
export interface WorldOptions {
  readonly seed: number;
  /** Whether anything fails. What users do is the same either way. */
  readonly faults: boolean;
  /** How often its users change their minds. */
  readonly steps: number;
}

/** How it went. */
export interface WorldOutcome {
  /** What is there at the end, without names and numbers that are drawn. */
  readonly end: readonly string[];
  /** How often what failed. */
  readonly faults: ReadonlyMap<string, number>;
  /** How many writes there were. */
  readonly writes: number;
  /** Virtual time. */
  readonly durationMs: number;
}

const longestMs = 3_600_000;
/** So few events are remembered that clients which were away have to list again. */
const historyLimit = 12;

/**
 * A cluster in virtual time: an API server over a log, the controllers, nodes that pretend, users who change things, and
 * followers of what happens. By the seed, requests fail, watches break, and the whole process ends and is started from its
 * log, which may have lost its last commits. Rejects when a follower is told anything that is not so, or when the
 * cluster does not come to rest where its users want it.
 */
export async function runWorld({ seed, faults, steps }: WorldOptions): Promise<WorldOutcome> {
  const world = new World(seed, faults, steps);
  return await world.run();
}

/** What one process is: it ends as a whole. */
interface Process {
  readonly store: Store;
  readonly transport: Transport;
  readonly ended: AbortController;
  controllers?: AsyncDisposable;
}

class World {
  readonly #clock: FakeClock = fakeClock(1_700_000_000_000);
  readonly #log = createMemoryLog();
  readonly #kinds: Kinds = createKinds(servedKinds.filter(({ plural }) => used.has(plural)));
  readonly #seed: number;
  readonly #steps: number;
  readonly #counts = new Map<string, number>();
  readonly #truths = new Map<ServedType, Truth>();
  readonly #followers: { readonly type: ServedType; readonly follower: Follower }[] = [];
  readonly #end = new AbortController();
  /** What its users want, by namespace and name. */
  readonly #wanted = new Map<string, Deployment | undefined>();
  readonly #lateTransport: Transport;
  #isFaulty: boolean;
  #process: Process;
  #generation = 0;
  #activity = 0;
  #failure: unknown;

  constructor(seed: number, isFaulty: boolean, steps: number) {
    this.#seed = seed;
    this.#steps = steps;
    this.#isFaulty = isFaulty;
    for (const type of followed) this.#truths.set(type, new Truth());
    this.#process = this.#startProcess();
    this.#lateTransport = faultyTransport((request) => this.#send(request), {
      clock: this.#clock,
      random: seededRandom(seed + 1_000_003),
      isOn: () => this.#isFaulty,
      onFault: (name) => this.#count(name),
    });
  }

  async run(): Promise<WorldOutcome> {
    const user = createClient((request) => this.#send(request));
    await this.#during(this.#populate(user));
    await this.#during(this.#startControllers());
    for (const type of followed) this.#follow(type);
    // Draws of the users do not depend on what fails.
    const choose = seededRandom(this.#seed);
    const fail = seededRandom(this.#seed + 2_000_003);
    for (let step = 0; step < this.#steps; step += 1) {
      this.#changeMind(step, choose);
      await this.#during(this.#apply(user));
      await this.#pass(500 + choose() * 6000);
      if (this.#isFaulty && fail() < 0.12) await this.#restart(user, fail);
    }
    this.#isFaulty = false;
    await this.#rest(user);
    const end = await this.#during(describeCluster(user));
    this.#checkFollowers();
    const outcome = {
      end,
      faults: this.#counts,
      writes: this.#process.store.revision,
      durationMs: this.#clock.now() - 1_700_000_000_000,
    };
    this.#end.abort();
    await this.#during(Promise.all(this.#followers.map(({ follower }) => follower.done)));
    await this.#endProcess();
    return outcome;
  }

  #startProcess(): Process {
    this.#generation += 1;
    const store = new Store({ log: this.#log.open(), historyLimit });
    const { transport } = createApiServer({
      kinds: this.#kinds,
      clock: this.#clock,
      random: seededRandom(this.#seed * 1000 + this.#generation),
      store,
    });
    for (const [type, truth] of this.#truths) {
      store.watch(`${type.group}/${type.plural}`, store.revision, ({ type: event, revision, after }) => {
        this.#activity += 1;
        truth.add({ revision, text: textOfEvent(event, after.object) });
      });
    }
    return { store, transport, ended: new AbortController() };
  }

  async #startControllers(): Promise<void> {
    const client = createClient(this.#lateTransport);
    const started = new AsyncDisposableStack();
    const clock = this.#clock;
    const informers = started.use(createInformers(client, clock));
    const random = seededRandom(this.#seed + this.#generation);
    started.use(
      await startControllers({
        connect: () => client,
        clock,
        signer,
        kinds: this.#kinds,
        random,
        folders: noFolders,
        // These nodes renew no leases.
        heartbeats: { ...heartbeats(), graceMs: Infinity },
      }),
    );
    started.use(await startStandInNode({ client, clock, informers, kinds: this.#kinds }, random));
    this.#process.controllers = started;
  }

  /** The process is killed; all that it answered is in the log, unless power fails, too. */
  async #restart(user: KubeClient, fail: () => number): Promise<void> {
    this.#process.store.flush();
    await this.#endProcess();
    if (fail() < 0.5) {
      this.#count("power failure");
      const from = this.#log.loseCommits(1 + Math.floor(fail() * 40));
      this.#process = this.#startProcess();
      const to = this.#process.store.revision;
      for (const truth of this.#truths.values()) truth.lose({ from, to });
    } else {
      this.#count("kill");
      this.#process = this.#startProcess();
    }
    await this.#during(this.#populate(user));
    await this.#during(this.#apply(user));
    await this.#during(this.#startControllers());
  }

  async #endProcess(): Promise<void> {
    this.#process.ended.abort();
    const { controllers } = this.#process;
    if (controllers !== undefined) await this.#during(Promise.resolve(controllers[Symbol.asyncDispose]()));
  }

  async #send(request: Parameters<Transport>[0]): ReturnType<Transport> {
    this.#activity += 1;
    const { transport, ended } = this.#process;
    const signal = AbortSignal.any([request.signal ?? [], ended.signal].flat());
    if (ended.signal.aborted) throw new Error("ECONNRESET");
    const response = await transport({ ...request, signal });
    this.#activity += 1;
    if (ended.signal.aborted) throw new Error("ECONNRESET");
    return typeof response.body === "string" ? response : { ...response, body: this.#noted(response.body) };
  }

  async *#noted(chunks: AsyncIterable<string>): AsyncIterable<string> {
    for await (const chunk of chunks) {
      this.#activity += 1;
      yield chunk;
    }
  }

  #follow(type: ServedType): void {
    const truth = this.#truths.get(type)!;
    const follower = follow(createClient(this.#lateTransport), type, truth, this.#clock, this.#end.signal);
    follower.done.catch((error: unknown) => {
      this.#failure ??= error;
    });
    this.#followers.push({ type, follower });
  }

  async #populate(user: KubeClient): Promise<void> {
    await seedCluster(user, { clock: this.#clock });
    for (const name of ["n1", "n2", "n3"])
      await createNode(user, name).catch((error: unknown) => {
        if (!isAlreadyExists(error)) throw error;
      });
  }

  /** Users make, change and remove Deployments. */
  #changeMind(step: number, choose: () => number): void {
    const name = `d${Math.floor(choose() * 3)}`;
    const namespace = choose() < 0.7 ? "default" : "shop";
    const replicas = Math.floor(choose() * 4);
    const image = choose() < 0.1 ? "broken:1" : `app:${Math.floor(choose() * 4)}`;
    const isRemoved = choose() < 0.2;
    // At the end everything can get ready.
    const isLast = step === this.#steps - 1;
    this.#wanted.set(
      `${namespace}/${name}`,
      isRemoved ? undefined : wantedDeployment(namespace, name, replicas, image),
    );
    if (!isLast) return;
    for (const [key, wanted] of this.#wanted) {
      if (wanted === undefined) continue;
      const { namespace: home = "", name: own } = wanted.metadata;
      const { image: last = "" } = wanted.spec.template.spec.containers[0]!;
      const better = last.replace("broken", "mended");
      this.#wanted.set(key, wantedDeployment(home, own, wanted.spec.replicas ?? 1, better));
    }
  }

  async #apply(user: KubeClient): Promise<void> {
    const named = (name: string): KubeObject => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    await user.create(resourceTypes.namespaces, named("shop")).catch(() => {});
    for (const [key, wanted] of this.#wanted) {
      const [namespace = "", name = ""] = key.split("/");
      const { deployments, services } = resourceTypes;
      if (wanted === undefined) {
        await user.delete(deployments, namespace, name, { propagationPolicy: "Background" }).catch(() => {});
        await user.delete(services, namespace, name).catch(() => {});
        continue;
      }
      const service = {
        apiVersion: "v1",
        kind: "Service",
        metadata: { namespace, name },
        spec: { selector: wanted.spec.selector.matchLabels, ports: [{ port: 80 }] },
      };
      await user.create(services, service).catch(() => {});
      await user
        .patch(deployments, namespace, name, "strategic", { spec: wanted.spec })
        .catch(() => user.create(deployments, wanted));
    }
  }

  /** Lets time pass until everything is as it is wanted. */
  async #rest(user: KubeClient): Promise<void> {
    const until = this.#clock.now() + longestMs;
    for (;;) {
      const problem = await this.#during(this.#unrest(user));
      if (problem === undefined) return;
      if (this.#clock.now() > until) throw new Error(`seed ${this.#seed} does not come to rest: ${problem}`);
      await this.#pass(5000);
    }
  }

  async #unrest(user: KubeClient): Promise<string | undefined> {
    const found = (await describeCluster(user)).join("\n");
    const wanted = describeWanted(this.#wanted).join("\n");
    if (found !== wanted) return `\n${found}\ninstead of\n${wanted}`;
    for (const { type, follower } of this.#followers) {
      const next = this.#truths.get(type)!.newest();
      if (next !== undefined && next.revision > follower.revision)
        return `a follower of ${type.plural} waits for ${next.text}`;
    }
    return undefined;
  }

  #checkFollowers(): void {
    for (const { type, follower } of this.#followers) {
      const stored = this.#process.store.list(`${type.group}/${type.plural}`);
      const state = new Map(stored.map(({ key, revision }) => [key, String(revision)]));
      for (const [key, revision] of follower.state)
        if (state.get(key) !== revision)
          throw new Error(`a follower of ${type.plural} has ${key}@${revision}`);
      if (state.size !== follower.state.size) throw new Error(`a follower of ${type.plural} lacks an object`);
    }
  }

  async #pass(durationMs: number): Promise<void> {
    const until = this.#clock.now() + durationMs;
    await this.#settle();
    while (this.#clock.nextAt !== undefined && this.#clock.nextAt <= until) {
      this.#clock.advance(this.#clock.nextAt - this.#clock.now());
      await this.#settle();
    }
    this.#clock.advance(until - this.#clock.now());
  }

  /** Lets time pass until a promise is settled. */
  async #during<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const noted = promise.finally(() => {
      isSettled = true;
    });
    noted.catch(() => {});
    await this.#settle();
    const until = this.#clock.now() + longestMs;
    for (let idle = 0; !isSettled; idle += 1) {
      const { nextAt } = this.#clock;
      if (this.#clock.now() > until) throw new Error(`seed ${this.#seed}: what was begun does not end`);
      if (nextAt !== undefined) {
        this.#clock.advance(nextAt - this.#clock.now());
        idle = 0;
      } else if (idle > 100) throw new Error(`seed ${this.#seed}: nothing will happen any more`);
      await this.#settle();
    }
    return await noted;
  }

  /** Lets everything run that does not wait for time. */
  async #settle(): Promise<void> {
    let before: number;
    do {
      before = this.#activity;
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    } while (this.#activity !== before);
    if (this.#failure !== undefined) throw new Error(`seed ${this.#seed}`, { cause: this.#failure });
  }

  #count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
}

/** Those that something here makes or follows. All would be followed by two controllers, which would only take time. */
const used = new Set(
  [
    "namespaces nodes pods services endpoints endpointslices configmaps events deployments replicasets ingressclasses",
    "replicationcontrollers statefulsets daemonsets controllerrevisions jobs cronjobs persistentvolumeclaims",
    "secrets serviceaccounts certificatesigningrequests clusterroles poddisruptionbudgets resourcequotas priorityclasses",
    "persistentvolumes storageclasses horizontalpodautoscalers leases servicecidrs validatingadmissionpolicies apiservices",
  ].flatMap((names) => names.split(" ")),
);

/** Keys take long to make and are drawn by the machine; nobody here looks at what is signed. */
const signer: ClusterSigner = {
  authority: { cert: "simulated", sign: () => "simulated" },
  frontProxyAuthority: "simulated",
  issueForSecret: () => "simulated",
};

const followed: readonly ServedType[] = [
  resourceTypes.deployments,
  resourceTypes.replicasets,
  resourceTypes.pods,
  resourceTypes.endpointslices,
];
