import type { KubeClient } from "@seaworthy/client";
import type { ClusterOptions } from "@seaworthy/cluster";
import type { KubeObject } from "@seaworthy/kube";
import type { Dial, Target } from "@seaworthy/load";
import type { DiscoveredTarget } from "./targets.ts";

/** The embedded cluster, started for this trial. */
export interface EmbeddedChoice {
  readonly kind: "embedded";
  readonly options: Omit<ClusterOptions, "onProblem" | "onNotice">;
}

/** A cluster that is there already. */
export interface KubeconfigChoice {
  readonly kind: "kubeconfig";
  /** Where kubectl looks when absent. */
  readonly file?: string | undefined;
  readonly context?: string | undefined;
  /** Where the load goes. */
  readonly urls: readonly string[];
}

/** Which cluster a trial runs on. */
export type ClusterChoice = EmbeddedChoice | KubeconfigChoice;

/** A cluster as a trial sees it: the API, and a way to send requests. How it came about is hidden. */
export interface Environment extends AsyncDisposable {
  readonly kind: ClusterChoice["kind"];
  readonly client: KubeClient;
  /** Where objects without a namespace go. */
  readonly namespace: string;
  /** Whether this cluster runs the pods of an object. */
  runs(object: KubeObject): boolean;
  readonly profile: string | null;
  /** For people, for example `embedded cluster, 3 nodes`. */
  readonly description: string;
  standIns(): readonly string[];
  /** The first pods may be hurried. From now on everything takes the time that it takes. */
  keepPace(): void;
  /** Turns what was found in the manifests into addresses. */
  resolveTargets(found: readonly DiscoveredTarget[], host: string | undefined): Promise<ResolvedTargets>;
}

/** Targets with their addresses, and the dialer of those that are dialed. */
export interface ResolvedTargets {
  readonly targets: readonly Target[];
  readonly dial: Dial | undefined;
  /** The Service behind each target, by the target's name. */
  readonly services: Readonly<Record<string, { readonly namespace: string; readonly name: string }>>;
  /** The names of the targets where an edge stands between. */
  readonly edges: readonly string[];
  /** The Deployments whose pods answer, as `namespace/name`. */
  readonly deployments: readonly string[];
}

/** For people and for the report. */
export function targetUrl(target: Target): string {
  if (target.via.kind !== "tcp") return `http://${target.hostHeader}${target.path}`;
  return `http://${target.via.host}:${target.via.port}${target.path} (Host: ${target.hostHeader})`;
}
