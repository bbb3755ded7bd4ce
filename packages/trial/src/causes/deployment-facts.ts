import { preStopOf, type Deployment, type PodSpec, type PreStop, type Probe } from "@seaworthy/kube";

/** What is known of one container of a pod template. */
export interface ContainerFacts {
  readonly name: string;
  readonly preStop: PreStop | undefined;
}

/** The fields of a Deployment that decide whether a rollout loses requests. */
export interface DeploymentFacts {
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
  /** The labels by which it knows its pods. */
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly recreate: boolean;
  /** The container that is asked: the one with a port, else the first. */
  readonly container: number;
  readonly containerName: string;
  readonly containers: readonly ContainerFacts[];
  /** Its first port, by number. */
  readonly port: number | undefined;
  readonly hasReadinessProbe: boolean;
  /** What the probe asks, where it asks by HTTP. */
  readonly readinessPath: string | undefined;
  readonly preStop: PreStop | undefined;
  readonly graceSeconds: number;
  readonly minReadySeconds: number;
  /** As it is written; undefined where the default holds. */
  readonly maxSurge: number | string | undefined;
  /** The field that puts all its pods on one node, and what it must be for that to end. */
  readonly pinned?: PinnedFact | undefined;
}

/** A field of the pod's that names a node. */
export interface PinnedFact {
  readonly field: "nodeName" | "nodeSelector";
  /** Null: the field goes. */
  readonly free: Readonly<Record<string, string>> | null;
}

/** Reads the facts from a Deployment. Absent fields mean what Kubernetes' defaults mean. */
export function deploymentFacts(deployment: Deployment): DeploymentFacts {
  const pod = deployment.spec?.template?.spec;
  const containers = pod?.containers ?? [];
  const withPort = containers.findIndex((container) => (container.ports ?? []).length > 0);
  const index = Math.max(0, withPort);
  const container = containers[index];
  return {
    namespace: deployment.metadata?.namespace ?? "default",
    name: deployment.metadata?.name ?? "",
    replicas: deployment.spec?.replicas ?? 1,
    matchLabels: deployment.spec?.selector?.matchLabels ?? {},
    recreate: deployment.spec?.strategy?.type === "Recreate",
    container: index,
    containerName: container?.name ?? "",
    containers: containers.map((each) => ({ name: each.name, preStop: preStopOf(each) })),
    port: container?.ports?.[0]?.containerPort,
    hasReadinessProbe: container?.readinessProbe !== undefined,
    readinessPath: readinessPathOf(container?.readinessProbe),
    preStop: container && preStopOf(container),
    graceSeconds: pod?.terminationGracePeriodSeconds ?? 30,
    minReadySeconds: deployment.spec?.minReadySeconds ?? 0,
    maxSurge: deployment.spec?.strategy?.rollingUpdate?.maxSurge,
    pinned: pinnedBy(pod),
  };
}

const hostname = "kubernetes.io/hostname";

function pinnedBy(pod: PodSpec | undefined): PinnedFact | undefined {
  if (pod?.nodeName !== undefined) return { field: "nodeName", free: null };
  const { [hostname]: node, ...others } = pod?.nodeSelector ?? {};
  if (node === undefined) return undefined;
  return { field: "nodeSelector", free: Object.keys(others).length === 0 ? null : others };
}

function readinessPathOf(probe: Probe | undefined): string | undefined {
  return probe?.httpGet === undefined ? undefined : (probe.httpGet.path ?? "/").replace(/\?.*$/, "");
}
