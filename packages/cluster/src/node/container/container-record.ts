import type { Container, ContainerState } from "@seaworthy/kube";

type Resources = NonNullable<Container["resources"]>;

/** What the kubelet knows of one container; its status is made of it. */
export interface ContainerRecord {
  readonly name: string;
  readonly image: string;
  state: ContainerState;
  lastState: ContainerState | undefined;
  restartCount: number;
  /** Whether the startup probe, if any, has succeeded. */
  started: boolean;
  /** Whether the readiness probe, if any, succeeds. */
  ready: boolean;
  containerId: string;
  /** What its node has given it; undefined where the node tells nothing of that, and cannot change it. */
  allocated: Resources | undefined;
  /** What is in force of that. */
  resources: Resources | undefined;
  /** Why the rest is not in force yet. */
  resizeError: string | undefined;
}

/** The record of a container that has not been started. */
export function newRecord(name: string, image: string, resources?: Resources): ContainerRecord {
  return {
    name,
    image,
    state: waitingFor(false),
    lastState: undefined,
    restartCount: 0,
    started: false,
    ready: false,
    containerId: "",
    allocated: resources,
    resources,
    resizeError: undefined,
  };
}

/**
 * The state of a container that is not made yet, which a pod with init containers calls by its own name to the end
 * (pkg/kubelet/kubelet_pods.go, convertToAPIContainerStatuses).
 */
export function waitingFor(hasInit: boolean): ContainerState {
  return { waiting: { reason: hasInit ? "PodInitializing" : "ContainerCreating" } };
}
