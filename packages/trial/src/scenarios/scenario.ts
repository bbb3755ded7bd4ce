import type { KubeClient } from "@seaworthy/client";
import type { Manifest } from "@seaworthy/kube";
import type { Applied, RolloutTarget } from "@seaworthy/release";
import type { Scaling } from "../autoscaling/scaling.ts";
import type { DeploymentFacts } from "../causes/deployment-facts.ts";
import type { Harm } from "../causes/harm.ts";
import type { BadApp, Environment, NodePower, RestartEdge } from "../environments/environment.ts";
import type { AppliedSets } from "../applied-sets.ts";
import type { TimelineRecorder } from "../timeline/record-timeline.ts";
import type { Pace } from "./choose-scenarios.ts";
import type { TrialListener } from "../trial-event.ts";

/** One change that a service lives through while it is asked. */
export interface Scenario {
  readonly name: ScenarioName;
  /** How its pods end: by the trial's request, by force, or not by its doing. Only those that are asked to end bound the loss. */
  readonly pods: "asked" | "killed" | "left";
  /** Why it says nothing of this service; undefined where it makes sense. */
  unfit(service: TriedService): Promise<string | undefined>;
  /** Why it is left out where it makes sense but nobody asked for it; absent where it never is. */
  unasked?(service: TriedService): string | undefined;
  /** How long making it once takes at a pace, in milliseconds. */
  estimateMs(pace: Pace): number;
  /** Makes the change, waits until the service is itself again, and puts back what it changed. Gives how often it was made. */
  act(stage: Stage): Promise<number>;
}

/** What tells whether a scenario makes sense. */
export interface TriedService {
  readonly client: KubeClient;
  readonly manifests: readonly Manifest[];
  /** The Deployments behind what is asked. */
  readonly deployments: readonly RolloutTarget[];
  /** The manifests of the next version, where there are some. */
  readonly next?: readonly Manifest[] | undefined;
  /** What the manifests say of the Deployments. */
  readonly facts: readonly DeploymentFacts[];
  /** The paths that users ask. */
  readonly paths: readonly string[];
  readonly badApp: BadApp | undefined;
  readonly nodePower: NodePower | undefined;
  /** The targets that lead through the edge. */
  readonly edges: readonly string[];
  readonly restartEdge: RestartEdge | undefined;
}

/** The names, in the order in which the scenarios run. */
export const scenarioNames = [
  "soak",
  "rollout",
  "release",
  "config-change",
  "scale",
  "hpa",
  "node-drain",
  "bad-release",
  "bad-answers",
  "pod-kill",
  "node-loss",
  "edge-restart",
] as const;

/** The name of a scenario. */
export type ScenarioName = (typeof scenarioNames)[number];

/** How strong a proof is wanted, and at which price. */
export interface WantedProof {
  /** Pods that were asked to end. */
  readonly terminations: number;
  readonly withinMs: number;
  /** So many pod ends are wanted even where a request is lost at once: their times are measured. */
  readonly measured: number;
}

/** What a scenario works with. */
export interface Stage {
  readonly client: KubeClient;
  readonly recorder: TimelineRecorder;
  /** The Deployments behind what is asked. */
  readonly deployments: readonly RolloutTarget[];
  /** Where objects go that name no namespace. */
  readonly namespace: string;
  /** The manifests of now and, where there are some, of the next version. */
  readonly now: readonly Manifest[];
  readonly next: readonly Manifest[] | undefined;
  /** What was made of those of now. */
  readonly applied: readonly Applied[];
  readonly sets: AppliedSets;
  /** Absent where nobody asked for a number. */
  readonly rounds: number | undefined;
  /** How many pod ends the proof wants, and how long the changes may take for its sake. */
  readonly wanted: WantedProof;
  /** Requests that were lost so far and count. */
  readonly lost: () => number;
  /** Pods behind what is asked, by their manifests. */
  readonly replicas: number;
  /** The paths that users ask. */
  readonly paths: readonly string[];
  /** Absent where there is none. */
  readonly badApp: BadApp | undefined;
  /** Absent where nodes cannot be switched. */
  readonly nodePower: NodePower | undefined;
  /** Absent where the edge cannot be restarted. */
  readonly restartEdge: RestartEdge | undefined;
  /** Waits until all that leads to pods sends requests to these; see Environment. */
  readonly untilRouted: Environment["untilRouted"];
  /** Without progress for this long, a rollout is stuck. */
  readonly timeoutMs: number;
  /** Notes what the trial itself did to a pod, by its uid. */
  readonly harm: (uid: string, harm: Harm) => void;
  /** Notes that the trial restarts the edge from a time on; what it gives is told when that was over. */
  readonly edgeRestarting: (from: number) => (until: number) => void;
  /** Requests per second of the load that runs all the time. */
  readonly ratePerSecond: number;
  /** Sends so many requests per second more until what it gives is disposed of, or the scenario is over. */
  readonly moreLoad: (ratePerSecond: number) => Promise<AsyncDisposable>;
  /** Why nothing is to be gained by more load; undefined while all keep up with it. */
  readonly strain: () => string | undefined;
  /** Tells how an autoscaler took more load, and its end. */
  readonly scaled: (scaling: Scaling) => void;
  /** Says in the scenario's section what it saw. */
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
  readonly onEvent: TrialListener;
}
