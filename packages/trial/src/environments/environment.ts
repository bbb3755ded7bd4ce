import type { Notice } from "@seaworthy/errors";
import type { KubeClient } from "@seaworthy/client";
import type { ClusterOptions, ContainerJournal, ContainerUsage, SeenEndpoint } from "@seaworthy/cluster";
import type { KubeObject } from "@seaworthy/kube";
import type { Target } from "@seaworthy/load";
import type { Socket } from "node:net";
import type { Way } from "@seaworthy/targets";
import type { Route } from "@seaworthy/app";

/** The embedded cluster, started for this trial. */
export interface EmbeddedChoice {
  readonly kind: "embedded";
  readonly options: Omit<ClusterOptions, "onProblem" | "onNotice" | "onEndpointSeen">;
}

/** A cluster that is there already. */
export interface KubeconfigChoice {
  readonly kind: "kubeconfig";
  /** Where kubectl looks when absent. */
  readonly file?: string | undefined;
  readonly context?: string | undefined;
  /** The Deployment or DaemonSet that serves Ingresses or Gateways, for those who want it restarted. */
  readonly edge?: { readonly namespace: string; readonly name: string } | undefined;
  /** Where the load goes. */
  readonly urls: readonly string[];
}

/** Which cluster a trial runs on. */
export type ClusterChoice = EmbeddedChoice | KubeconfigChoice;

/** An app that is ready and answers users badly. */
export interface BadApp {
  readonly image: string;
  /** It takes the place of the whole app, whose command it does not know, and is told which paths to answer badly. */
  readonly standsIn: boolean;
}

/** After 10 s instead of 50 an embedded cluster misses a node: nobody waits for a minute to see the same. */
export const nodesMissedSooner = 5;

/** Switches nodes off and on, without a word to anybody. */
export interface NodePower {
  /** How many times as fast as on a cluster with default settings their silence is noticed. */
  readonly noticedSooner: number;
  set(node: string, isOn: boolean): Promise<void>;
}

/** Restarts the edge, waits until the old one is gone, and says what was seen. */
export type RestartEdge = (options: {
  /** Without progress for this long, it is stuck. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}) => Promise<string>;

/** A cluster as a trial sees it: the API, and a way to send requests. How it came about is hidden. */
export interface Environment extends AsyncDisposable {
  readonly kind: ClusterChoice["kind"];
  readonly client: KubeClient;
  /** Of an embedded cluster, for kubectl. */
  readonly kubeconfigPath?: string;
  /** Where objects without a namespace go. */
  readonly namespace: string;
  /** Whether this cluster runs the pods of an object. */
  runs(object: KubeObject): boolean;
  readonly profile: string | null;
  /** For people, for example `embedded cluster, 3 nodes`. */
  readonly description: string;
  standIns(): readonly string[];
  /** What these objects ask for and the machine of an embedded cluster does not give. */
  findGaps(objects: readonly KubeObject[]): readonly Notice[];
  /** What happened to containers; nothing where the cluster does not tell. */
  journals(): readonly ContainerJournal[];
  /**
   * Waits until its Services' rules and its edge send requests to all of these pods, by their addresses; for `mostMs` where the
   * cluster does not tell, and never longer.
   */
  untilRouted(ips: readonly string[], mostMs: number, signal: AbortSignal): Promise<void>;
  /** Waits until none of them sends requests to any of these; otherwise as `untilRouted`. */
  untilUnrouted(ips: readonly string[], mostMs: number, signal: AbortSignal): Promise<void>;
  /** What its Services' rules and its edge took for ready endpoints, and when; nothing where the cluster does not tell. */
  seenEndpoints(): readonly SeenEndpoint[];
  /** What containers have used so far; nothing where the cluster tells it too seldom. */
  usage(): readonly ContainerUsage[];
  /** How many processors pods have for themselves, where that is so and known. */
  readonly podProcessors: number | undefined;
  /** How long the edge keeps an idle connection to a pod, where that is known. */
  readonly edgeIdleMs: number | undefined;
  /** Absent where the user has to name one. */
  readonly badApp: BadApp | undefined;
  /** Absent where nodes cannot be switched. */
  readonly nodePower: NodePower | undefined;
  /** Absent where nobody knows how, or it is a cloud's. */
  readonly restartEdge: RestartEdge | undefined;
  /** The first pods may be hurried. From now on everything takes the time that it takes. */
  keepPace(): void;
  /** Connects to a pod; absent where pods cannot be reached from here. */
  readonly dialPod: ((ip: string, port: number, timeoutMs: number) => Promise<Socket>) | undefined;
  /** A command that enters the network from which the load is sent; none where it is sent from here. */
  readonly enter: readonly string[];
  /** Turns the routes that were found in the manifests into addresses. */
  waysTo(routes: readonly Route[], host: string | undefined): Promise<readonly Way[]>;
}

/** For people and for the report. */
export function targetUrl({ via, tls, hostHeader, path }: Target): string {
  const scheme = tls === undefined ? "http" : "https";
  if (via.kind !== "tcp") return `${scheme}://${hostHeader}${path}`;
  const trust = tls?.insecure === true ? ", certificate not checked" : "";
  return `${scheme}://${via.host}:${via.port}${path} (Host: ${hostHeader}${trust})`;
}
