import type { Probe } from "@seaworthy/kube";

/** The kinds of probes that a container may have. */
export const probeNames = ["startupProbe", "readinessProbe", "livenessProbe"] as const;

/** When a probe asks, with Kubernetes' defaults for what is not written. */
export interface ProbeTiming {
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
  /** For how long all answers have to be bad until the probe has failed. */
  readonly failsAfterSeconds: number;
  /** How long after its start a container has failed that never answers well. */
  readonly budgetSeconds: number;
}

/** https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes */
export function probeTiming(probe: Probe): ProbeTiming {
  const initialDelaySeconds = probe.initialDelaySeconds ?? 0;
  // The API server takes 0 for "not written", too.
  const periodSeconds = probe.periodSeconds || 10;
  const timeoutSeconds = probe.timeoutSeconds || 1;
  const failureThreshold = probe.failureThreshold || 3;
  const failsAfterSeconds = periodSeconds * failureThreshold;
  return {
    initialDelaySeconds,
    periodSeconds,
    timeoutSeconds,
    failureThreshold,
    failsAfterSeconds,
    budgetSeconds: initialDelaySeconds + failsAfterSeconds,
  };
}
