import type { Range } from "./range.ts";

/** How long a node's container runtime and its network plugin take. */
export interface NodePace {
  /** From the pod's arrival on its node until its first container may start: sandbox, network, container. */
  readonly startMs: Range;
  /** From the end of the last container until the pod's network is gone: so long its address refuses. */
  readonly teardownMs: Range;
  /** From the moment at which the node hears of a pod's deletion until its hooks or its signals begin. */
  readonly stopMs: Range;
  /** From the wish to run a command in a container until the command's process begins. */
  readonly execMs: Range;
  /** From one look at what a pod's volumes are made of until the next, by which changed ConfigMaps and Secrets show. */
  readonly volumeSyncMs: Range;
  /** Attempts to set up volumes are that far apart at most; the first ones are closer. */
  readonly maxVolumeRetryMs: number;
  /** From one look at what is written to volumes with a limit until the next. */
  readonly evictionMs: number;
  /**
   * How soon a container that has never been ready is looked at again, between the ticks of its probes and before its
   * `initialDelaySeconds`; undefined: never.
   */
  readonly hurryMs?: number;
}

/** Nothing takes longer than it has to: a pod is ready when its app is, and not when the next tick of its probe finds out. */
export const instantPace: NodePace = {
  startMs: [0, 0],
  teardownMs: [0, 0],
  stopMs: [0, 0],
  execMs: [0, 0],
  volumeSyncMs: [1000, 1000],
  maxVolumeRetryMs: 1000,
  evictionMs: 500,
  hurryMs: 20,
};

/**
 * containerd 2.4, runc and the ptp CNI plugin under a v1.36 kubelet: a container's process began 0.68 to 1.24 s (median
 * 0.84 s) after its pod was seen. A naive process ended within 0.1 s of its pod's deletion, and connections to it turned
 * from refused to unanswered 0.29 to 0.46 s after that deletion. SIGTERM reached a process 12 to 30 ms (median 15 ms, 7 pods)
 * after the watch had told of its pod's deletion. The first word of a Node that an exec hook starts came 73 to 179 ms (median 94)
 * after it; to enter the pod and to start Node takes some 60 ms of that here. docs/fidelity.md compares what comes of it.
 */
export const containerdPace: NodePace = {
  startMs: [600, 1000],
  teardownMs: [200, 400],
  stopMs: [10, 25],
  execMs: [0, 60],
  // syncFrequency is 1 min, and workerResyncIntervalJitterFactor 0.5 (pkg/kubelet/kubelet.go); the first retry comes after
  // 0.5 s, and the interval doubles up to 2 min 2 s (pkg/util/goroutinemap/exponentialbackoff); evictionMonitoringPeriod.
  volumeSyncMs: [60_000, 90_000],
  maxVolumeRetryMs: 122_000,
  evictionMs: 10_000,
};
