import { containerRule } from "../../../make-rule.ts";

/** A readiness probe that does not ask for long, though the container may be ready. */
export const readinessDelay = containerRule(
  {
    id: "readiness-delay",
    severity: "advice",
    title: "readiness waits longer than the start may take",
    why: `\`initialDelaySeconds\` is waited for by every pod, also by one that is ready after two seconds: so much later it
gets requests, at each rollout, when the autoscaler needs it most, and after each restart.`,
    mend: `Leave the delay out, and ask often: a readiness probe that fails during the start does no harm. Where a liveness
probe must wait for the start, a \`startupProbe\` does it.`,
    sources: [
      "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes",
    ],
    profile: "strict",
  },
  function* look({ container, path }, { manifest }) {
    const seconds = container.readinessProbe?.initialDelaySeconds ?? 0;
    if (seconds < longSeconds) return;
    const field = ["readinessProbe", "initialDelaySeconds"];
    yield {
      path: field,
      message: `container ${container.name} gets no requests for ${seconds} s, even if it is ready at once`,
      label: "every pod waits this long",
      next: ["remove it: readiness that fails during the start does no harm"],
      fix: { isSafe: false, edits: [{ manifest, path: [...path, ...field], op: "remove" }] },
    };
  },
);

const longSeconds = 15;
