import { containerRule } from "../../../make-rule.ts";
import { probeTiming } from "../../../objects/containers/probe-timing.ts";

/** A container that is killed while it still starts, by its own account. */
export const livenessBeforeStart = containerRule(
  {
    id: "liveness-before-start",
    severity: "warning",
    title: "liveness gives up while the container still starts",
    why: `The delay of the readiness probe says how long the start takes. A liveness probe that has failed by then kills the
container before it has had its time, and the next one as well: it never gets up, above all on a node that is busy.`,
    mend: `A \`startupProbe\`: until it has succeeded, the others do not ask. Then both can do without a delay.`,
    sources: [
      "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-startup-probes",
    ],
    profile: "default",
  },
  function* look({ container }) {
    const { livenessProbe, readinessProbe, startupProbe } = container;
    if (!livenessProbe || !readinessProbe || startupProbe) return;
    const starts = readinessProbe.initialDelaySeconds ?? 0;
    const { initialDelaySeconds, periodSeconds, failureThreshold } = probeTiming(livenessProbe);
    // The first question comes at the delay, so that the last one comes a period earlier than one might think.
    const killed = initialDelaySeconds + periodSeconds * (failureThreshold - 1);
    if (starts === 0 || killed >= starts) return;
    yield {
      path: ["livenessProbe"],
      message: `container ${container.name} is killed ${killed} s after its start, and is not asked whether it is ready for ${starts} s`,
      label: `has failed after ${killed} s`,
      next: [
        `startupProbe with failureThreshold ${Math.ceil((starts * 3) / 5)} and periodSeconds 5, and no delays`,
      ],
    };
  },
);
