import { containerRule } from "../../../make-rule.ts";
import { probeTiming } from "../../../objects/containers/probe-timing.ts";

/** A container that has little time to start, because its liveness probe gives up soon. */
export const startupMissing = containerRule(
  {
    id: "startup-missing",
    severity: "advice",
    title: "liveness begins without a startup probe",
    why: `The same probe has to be patient at the start and quick afterwards. A start that takes longer than usual, on a busy
node or with a larger cache, ends in a restart, and that starts as slowly.`,
    mend: `A \`startupProbe\` that asks what readiness asks, often and for a long time: \`periodSeconds: 2\`,
\`failureThreshold: 60\`. It costs nothing once the container has started.`,
    sources: [
      "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-startup-probes",
    ],
    profile: "strict",
  },
  function* look({ container }) {
    const { livenessProbe, startupProbe } = container;
    if (!livenessProbe || startupProbe) return;
    const { budgetSeconds } = probeTiming(livenessProbe);
    if (budgetSeconds >= enoughSeconds) return;
    yield {
      path: ["startupProbe"],
      message: `container ${container.name} is killed when its start takes longer than ${budgetSeconds} s`,
      label: "no startup probe",
      next: ["startupProbe: what readiness asks, with periodSeconds 2 and failureThreshold 60"],
    };
  },
);

const enoughSeconds = 60;
