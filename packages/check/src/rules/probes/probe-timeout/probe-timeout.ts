import { containerRule } from "../../../make-rule.ts";
import { probeTiming } from "../../../objects/containers/probe-timing.ts";

/** A liveness probe with the default time to answer, one second. */
export const probeTimeout = containerRule(
  {
    id: "probe-timeout",
    severity: "advice",
    title: "liveness waits one second for an answer",
    why: `The default of \`timeoutSeconds\` is 1. Under load an answer easily takes longer, and an app that is slow for half a
minute is killed as if it were stuck: it has more to do afterwards, not less.`,
    mend: `\`timeoutSeconds: 5\` for liveness. Readiness may be quicker: it only takes requests away.`,
    sources: [
      "https://www.vdnt.click/blog/k8s-liveness-probes",
      "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes",
    ],
    profile: "strict",
  },
  function* look({ container, path }, { manifest }) {
    if (!container.livenessProbe || probeTiming(container.livenessProbe).timeoutSeconds > 1) return;
    const field = ["livenessProbe", "timeoutSeconds"];
    yield {
      path: field,
      message: `liveness of container ${container.name} takes an answer after more than 1 s for none`,
      label: "waits 1 s",
      next: ["livenessProbe.timeoutSeconds: 5"],
      fix: { isSafe: true, edits: [{ manifest, path: [...path, ...field], op: "set", value: 5 }] },
    };
  },
);
