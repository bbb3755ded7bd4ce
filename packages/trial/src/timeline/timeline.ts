/** One change between ready and not ready. */
export interface ReadyChange {
  readonly at: number;
  readonly ready: boolean;
}

/** The end of one container. */
export interface ContainerEnd {
  readonly container: string;
  /** When the watch delivered it, not the status' own time, which has whole seconds only. */
  readonly at: number;
  readonly exitCode: number;
  readonly reason: string | undefined;
}

/**
 * One pod's life, as the watch showed it. Every time is in milliseconds since the epoch, from the same
 * clock as the load's, so that both can be joined.
 */
export interface PodLife {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** The Deployment that it belongs to, when it was found. */
  readonly deployment: string | undefined;
  /** The pod-template-hash: which revision it is of. */
  readonly revision: string | undefined;
  readonly seenAt: number;
  readonly ip: string | undefined;
  readonly node: string | undefined;
  readonly ready: readonly ReadyChange[];
  /** The moment at which the watch delivered the deletionTimestamp. */
  readonly deletionSeenAt: number | undefined;
  readonly graceSeconds: number | undefined;
  readonly ends: readonly ContainerEnd[];
  readonly goneAt: number | undefined;
}

/** How the ready addresses behind a Service changed. */
export interface EndpointChange {
  readonly at: number;
  readonly namespace: string;
  readonly service: string;
  readonly ready: readonly string[];
  readonly terminating: readonly string[];
}

/** How far a Deployment's rollout was. */
export interface DeploymentChange {
  readonly at: number;
  readonly namespace: string;
  readonly name: string;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
}

/** All that the cluster did while the trial looked on. */
export interface Timeline {
  readonly pods: readonly PodLife[];
  readonly endpoints: readonly EndpointChange[];
  readonly deployments: readonly DeploymentChange[];
}
