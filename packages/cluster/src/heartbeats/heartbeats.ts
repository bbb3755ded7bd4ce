/** How nodes are heard of, and after which silence they are missed. */
export interface Heartbeats {
  /** Each node renews its lease so often (nodeLeaseDurationSeconds / 4). */
  readonly leasePeriodMs: number;
  /** The controller looks at all nodes so often (--node-monitor-period). */
  readonly lookPeriodMs: number;
  /** How long nothing may be heard of a node (--node-monitor-grace-period). */
  readonly graceMs: number;
}

/**
 * Kubernetes' defaults, or all of them so many times as fast.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/nodelifecycle/config/v1alpha1/defaults.go
 */
export function heartbeats(timesAsFast = 1): Heartbeats {
  return {
    leasePeriodMs: 10_000 / timesAsFast,
    lookPeriodMs: 5_000 / timesAsFast,
    graceMs: 50_000 / timesAsFast,
  };
}
