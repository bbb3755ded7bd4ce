import { rm, writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { join } from "node:path";
import { createKinds, type KubeObject } from "@seaworthy/kube";
import { createClient, type KubeClient } from "@seaworthy/client";
import type { Notice, SeaworthyError } from "@seaworthy/errors";
import { createApiServer } from "./apiserver/create-api-server.ts";
import { Store } from "./apiserver/store/store.ts";
import { createLateKubelet } from "./late-kubelet.ts";
import { fasterClock, systemClock } from "./clock.ts";
import { apiServerAddress, apiServerEndpoint, apiServerServicePort } from "./api-server-address.ts";
import { openDataDirectory } from "./data-directory.ts";
import { openKeptCluster } from "./kept-cluster.ts";
import { keepPorts } from "./kept-ports.ts";
import { apiServerService } from "./controllers/api-server-service.ts";
import { clusterDnsService } from "./controllers/cluster-dns-service.ts";
import { createFixedService } from "./controllers/fixed-service.ts";
import { clusterDnsEndpoint } from "./cluster-dns-address.ts";
import { seedCluster } from "./controllers/seed-cluster.ts";
import { heartbeats } from "./heartbeats/heartbeats.ts";
import { startControllers } from "./controllers/start-controllers.ts";
import type { SeenEndpoint } from "./network/endpoints/tell-of-view.ts";
import { createPodNetwork, kernelPodNetwork } from "./network/pods/create-pod-network.ts";
import type { PodNetwork } from "./pod-network.ts";
import { profiles, type ProfileName } from "./profiles.ts";
import { startNetwork, type Network } from "./network/start-network.ts";
import type { EdgeRestart } from "./network/edge/restartable-edge.ts";
import { dialAddress } from "./kernel-network/dial-address.ts";
import { detectRuntime } from "./node/runtime/detect-runtime.ts";
import { instantPace } from "./node-pace.ts";
import { findGaps } from "./machine/find-gaps.ts";
import { createLimits, type Limits } from "./node/limits/create-limits.ts";
import { partProcessors } from "./node/limits/part-processors.ts";
import type { PodRuntime } from "./node/runtime/pod-runtime.ts";
import {
  createImages,
  type ImageSource,
  type RunEntry,
  type StandInBehavior,
} from "./node/container/images.ts";
import type { ContainerUsage } from "./kubelet.ts";
import type { ContainerJournal } from "./node/container/container-journal.ts";
import { hostIp } from "./node/agent/node-object.ts";
import { forgetNodes } from "./node/agent/forget-nodes.ts";
import { startHollowNodes } from "./node/hollow/start-hollow-nodes.ts";
import { startNodes, type Nodes } from "./node/agent/start-nodes.ts";
import type { ChosenEndpoint } from "./network/services/service-router.ts";
import { seededRandom } from "./random.ts";
import { volumeFolders } from "./volume-folders.ts";

/** What an embedded cluster can be told. Every field has a default. */
export interface ClusterOptions {
  /** How pods are isolated; the best that this machine allows when absent. */
  readonly runtime?: "namespace" | "shim";
  /** How fast pods come and go and the data plane learns of it. Default `ingress-nginx`. */
  readonly profile?: ProfileName;
  /** Start pods as fast as they can be, and tell routes of them at once, until `keepPace` is called, whatever the profile. Default false. */
  readonly hurried?: boolean;
  /**
   * How many times as fast as real time the control plane's clock goes. Processes in pods, and what asks them, keep real time.
   * Default 1.
   */
  readonly speed?: number;
  /** Seed of every random choice inside the cluster. Default 1. */
  readonly seed?: number;
  /** Image (exact, or without tag and digest) → the command line that is its entrypoint. */
  readonly run?: Readonly<Record<string, RunEntry>>;
  /**
   * How stand-ins begin and end. Default: they take 0.5 s to listen (nothing with the profile `instant`) and end at once
   * on SIGTERM, without a drain; one of 2 s when they are to drain.
   */
  readonly standIn?: Partial<StandInBehavior>;
  /** How many virtual nodes. Default 3. */
  readonly nodes?: number;
  /** How many further nodes, whose pods run nothing and say that they are ready. Default 0. */
  readonly hollowNodes?: number;
  /** How many times as fast as by Kubernetes' defaults a node is missed of which nothing is heard: they are 50 s. Default 1. */
  readonly nodesMissedSooner?: number;
  /** Port of the API server on 127.0.0.1; 0 or absent for any. */
  readonly apiPort?: number;
  /** Port of the Ingress on 127.0.0.1; 0 or absent for any. */
  readonly ingressPort?: number;
  /** Port of the Ingress in TLS on 127.0.0.1; 0 or absent for any. */
  readonly ingressTlsPort?: number;
  /**
   * Folder that keeps the cluster for the next start: its objects, credentials, ports, logs and volumes. It is closed to
   * other users. When absent, objects are in memory, and the rest in a temporary folder that is removed at the end.
   */
  readonly dataDir?: string;
  /** Let pods connect to this machine itself: by its addresses, and to its loopback by the name host.docker.internal. Default false. */
  readonly allowHost?: boolean;
  /**
   * Give pods processors of their own, so that nothing else on this machine makes them slow: the cluster, and what this process
   * starts to ask it, keeps to half of them, three at most. Only on Linux with taskset and two processors. Default false.
   */
  readonly partProcessors?: boolean;
  /** A problem that a user must know of but which stops nothing, for example a taken NodePort. */
  readonly onProblem?: (error: SeaworthyError) => void;
  readonly onNotice?: (text: string) => void;
  /** Each change of what a part of the data plane takes for the ready endpoints of a Service. */
  readonly onEndpointSeen?: ((seen: SeenEndpoint) => void) | undefined;
}

/** A running embedded cluster. Disposing it ends every process it started. */
export interface Cluster extends AsyncDisposable {
  readonly client: KubeClient;
  /** The administrator's kubeconfig. Everybody who can read it may do everything in the cluster. */
  readonly kubeconfigPath: string;
  /** Where the API is served over HTTPS, to those who have the kubeconfig. */
  readonly apiUrl: string;
  readonly ingressUrl: string;
  readonly ingressPort: number;
  /** Where the Ingress is served in TLS, with certificates by name. */
  readonly ingressTlsPort: number;
  readonly runtime: "namespace" | "shim";
  /** How many processors pods have for themselves; undefined where they share all of them with the cluster. */
  readonly podProcessors: number | undefined;
  /** The images that run as stand-ins so far. */
  readonly standIns: readonly string[];
  /** What these objects ask for and this machine does not give. What is told here, `onNotice` does not tell again. */
  findGaps(objects: readonly KubeObject[]): Notice[];
  /** Connects to a Service as a client inside the cluster does. */
  dialService(
    namespace: string,
    name: string,
    port: number | string,
    timeoutMs: number,
  ): Promise<DialedService>;
  /** Says where a new connection to a Service leads, for another process of this machine to open it; or opens it. */
  readonly leadToService: Network["leadToService"];
  /** Chooses the pod to which a new connection to a Service goes, as `dialService` does. Throws an errno error. */
  chooseEndpoint(namespace: string, name: string, port: number | string): ChosenEndpoint;
  /**
   * A command that enters the cluster's network and becomes the command that follows it: a client there connects to pods by
   * their addresses, and to the Ingress at its ports of 127.0.0.1. Undefined where there is no network that can be entered.
   */
  enterNetwork(): Promise<readonly string[] | undefined>;
  /** Connects to a pod itself, as another pod would. Rejects with an errno error. */
  dialPod(ip: string, port: number, timeoutMs: number): Promise<Socket>;
  nodePorts(): readonly { readonly service: string; readonly port: number; readonly nodePort: number }[];
  /**
   * Restarts what serves Ingresses and Gateways, as the profile's edge is restarted for an upgrade, and waits until the old process
   * is gone, for at most `waitMs`. Absent where it is a cloud's.
   */
  readonly restartEdge: ((waitMs: number) => Promise<EdgeRestart>) | undefined;
  /** Opens a port on 127.0.0.1 that leads to a Service's port, and gives its number. It closes with the cluster. */
  forwardService(namespace: string, name: string, port: number | string): Promise<number>;
  /** What every container that runs has used so far. */
  readUsage(): readonly ContainerUsage[];
  /** What happened to containers from their start to their end, the latest of them. */
  journals(): readonly ContainerJournal[];
  /** Ends the hurry that `hurried` began: from now on everything takes as long as the profile says. */
  keepPace(): void;
}

/** A connection to the pod that a Service chose. The socket has not been read from. */
export interface DialedService {
  readonly socket: Socket;
  /** `ip:port` of the pod. */
  readonly peer: string;
}

/** Starts embedded clusters. */
export const Cluster = {
  async start(options: ClusterOptions = {}): Promise<Cluster> {
    await using started = new AsyncDisposableStack();
    // Before it starts any process, for those keep to the same.
    const processors = started.use(options.partProcessors === true ? partProcessors() : undefined);
    const { path: dataDir } = started.use(await openDataDirectory(options.dataDir));
    const speed = options.speed ?? 1;
    const clock = speed === 1 ? systemClock : fasterClock(systemClock, speed);
    const kept = options.dataDir === undefined ? undefined : await openKeptCluster(dataDir, clock.now());
    const store = started.use(kept?.store ?? new Store());
    // What was drawn before a restart, uids for example, is not drawn again.
    const random = seededRandom((options.seed ?? 1) + store.revision);
    const profile = profiles[options.profile ?? "ingress-nginx"];
    // It starts processes, which takes as long as all the rest; so they go side by side.
    const detected = detectRuntime(options.runtime);
    // Awaited further down; until then a failure is not unhandled.
    detected.catch(() => {});
    started.defer(() =>
      detected.then(
        (runtime) => runtime[Symbol.asyncDispose](),
        () => {},
      ),
    );
    const images = createImages({
      run: options.run ?? {},
      cwd: process.cwd(),
      standIn: {
        onTerm: "exit",
        drainMs: 2_000,
        startMs: profile.name === "instant" ? 0 : 500,
        ...options.standIn,
      },
    });

    const told = new Set<string>();
    const onNotice = (text: string) => {
      if (!told.has(text)) options.onNotice?.(text);
    };
    const kinds = createKinds();
    // Awaited further down, because it takes as long as all that comes before.
    const podNetwork = detected.then(({ name, network }) =>
      network === undefined
        ? createPodNetwork({ clock: systemClock, random, onMachine: name === "shim" })
        : kernelPodNetwork(network),
    );
    podNetwork.catch(() => {});
    // The API server needs the nodes and the nodes need the API server, so the nodes are bound late.
    const kubelet = createLateKubelet();
    const apiServer = createApiServer({
      kinds,
      clock,
      processClock: systemClock,
      random,
      store,
      ...(kept === undefined ? {} : { credentials: kept.credentials }),
      kubelet,
      network: { dial: async (...target) => (await podNetwork).dial(...target) },
    });
    const connect = (userAgent: string) => createClient(apiServer.transport, { userAgent, forCache: true });
    const client = connect("seaworthy");
    const api = started.use(await apiServer.start({ port: options.apiPort ?? kept?.ports.api ?? 0 }));
    const kubeconfigPath = join(dataDir, "kubeconfig");
    // One of an earlier run would keep its mode.
    await rm(kubeconfigPath, { force: true });
    await writeFile(kubeconfigPath, api.kubeconfig, { mode: 0o600, flag: "wx" });

    const beats = heartbeats(options.nodesMissedSooner);
    await seedCluster(connect("kube-apiserver"), { clock });
    await createFixedService(connect("kube-apiserver"), apiServerService);
    started.use(
      await startControllers({
        connect,
        clock,
        restClock: systemClock,
        signer: apiServer.signer,
        kinds,
        random,
        folders: volumeFolders(dataDir),
        // A machine that is busy is silent for as long as it is, whatever the cluster's clock says.
        heartbeats: { ...beats, graceMs: beats.graceMs * speed },
      }),
    );
    const apiPort = Number(new URL(api.url).port);
    const runtime = await detected;
    const pods = await podNetwork;
    const names = nodeNames(options.nodes ?? 3);
    if (runtime.network !== undefined) {
      await createFixedService(connect("kubeadm"), clusterDnsService);
      await runtime.network.addNodes([
        apiServerEndpoint.ip,
        clusterDnsEndpoint,
        ...names.map((_, index) => hostIp(index + 1)),
      ]);
      const server = await runtime.network.listen(apiServerEndpoint.ip, apiServerEndpoint.port);
      started.defer(() => void server.close());
      server.on("connection", (socket) => api.accept(socket));
    } else
      pods.attach({
        ip: apiServerEndpoint.ip,
        dial: (_port, timeoutMs) => dialAddress("127.0.0.1", apiPort, timeoutMs),
      });
    let isHurried = options.hurried ?? false;
    const network = started.use(
      await startNetwork({
        client: connect("nginx-ingress-controller"),
        clock: systemClock,
        random,
        podNetwork: pods,
        kernelNetwork: runtime.network,
        reachesMachine: options.allowHost ?? false,
        profile,
        isHurried: () => isHurried,
        onEndpointSeen: options.onEndpointSeen,
        ingressPort: options.ingressPort ?? kept?.ports.ingress ?? 0,
        ingressTlsPort: options.ingressTlsPort ?? kept?.ports.ingressTls ?? 0,
        onProblem: options.onProblem ?? (() => {}),
        onNotice: onNotice,
      }),
    );
    if (kept !== undefined)
      await keepPorts(dataDir, {
        api: apiPort,
        ingress: network.ingressPort,
        ingressTls: network.ingressTlsPort,
      });
    const hollowNames = Array.from({ length: options.hollowNodes ?? 0 }, (_, index) => `hollow-${index + 1}`);
    await forgetNodes(connect("kubelet"), [...names, ...hollowNames]);
    const limits = createLimits({ clock: systemClock, onNotice: onNotice, processors });
    const nodes = started.use(
      await startNodes({
        client: connect("kubelet"),
        clock: systemClock,
        clusterClock: clock,
        random,
        runtime,
        limits,
        network: pods,
        pace: () => (isHurried ? instantPace : profile.node),
        images,
        nodeNames: names,
        leasePeriodMs: beats.leasePeriodMs,
        dataDir,
        // In a network of the kernel's its rules lead there.
        reachable:
          runtime.network !== undefined
            ? []
            : [
                {
                  ip: apiServerAddress,
                  port: apiServerServicePort,
                  localPort: apiPort,
                  accept: (socket) => api.accept(socket),
                },
              ],
      }),
    );
    kubelet.bind(nodes.kubelet);
    if (hollowNames.length > 0)
      started.use(
        await startHollowNodes({
          client: connect("kubelet"),
          clock,
          names: hollowNames,
          leasePeriodMs: beats.leasePeriodMs,
          firstIndex: names.length + 1,
        }),
      );

    return running({
      client,
      kubeconfigPath,
      apiUrl: api.url,
      network,
      podNetwork: pods,
      nodes,
      images,
      runtime,
      limits,
      podProcessors: processors?.ofPods,
      told,
      keepPace: () => {
        isHurried = false;
      },
      resources: started.move(),
    });
  },
};

function running(parts: {
  client: KubeClient;
  kubeconfigPath: string;
  apiUrl: string;
  network: Network;
  podNetwork: PodNetwork;
  nodes: Nodes;
  images: ImageSource;
  runtime: Pick<PodRuntime, "name" | "holds" | "network">;
  limits: Pick<Limits, "holdsCpu">;
  podProcessors: number | undefined;
  told: Set<string>;
  keepPace: () => void;
  resources: AsyncDisposableStack;
}): Cluster {
  const { client, kubeconfigPath, apiUrl, network, podNetwork, nodes, images, runtime, keepPace, resources } =
    parts;
  const machine = {
    isolates: runtime.name === "namespace",
    holds: runtime.holds,
    connects: runtime.network !== undefined,
    limitsCpu: parts.limits.holdsCpu,
  };
  return {
    client,
    kubeconfigPath,
    apiUrl,
    ingressUrl: network.ingressUrl,
    ingressPort: network.ingressPort,
    ingressTlsPort: network.ingressTlsPort,
    runtime: runtime.name,
    podProcessors: parts.podProcessors,
    get standIns() {
      return images.standIns;
    },
    findGaps(objects) {
      const gaps = findGaps(machine, objects, (image) => images.isForNode(image));
      for (const { text } of gaps) parts.told.add(text);
      return gaps;
    },
    dialService: (namespace, name, port, timeoutMs) => network.dialService(namespace, name, port, timeoutMs),
    leadToService: (...args) => network.leadToService(...args),
    chooseEndpoint: (namespace, name, port) => network.chooseEndpoint(namespace, name, port),
    enterNetwork: () => network.enter(),
    dialPod: (ip, port, timeoutMs) => podNetwork.dial(ip, port, timeoutMs),
    readUsage: () => nodes.kubelet.readUsage(),
    journals: () => nodes.journals(),
    nodePorts: () => network.nodePorts(),
    restartEdge: network.restartEdge,
    forwardService: (namespace, name, port) => network.forwardService(namespace, name, port),
    keepPace,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function nodeNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `node-${index + 1}`);
}
