import { containerRule } from "../../../make-rule.ts";
import { probeTiming } from "../../../objects/containers/probe-timing.ts";

/** A container that is killed after a short pause. */
export const livenessTight = containerRule(
  {
    id: "liveness-tight",
    severity: "warning",
    title: "liveness kills a container after a short pause",
    why: `A garbage collection, a busy node or a load peak stops an app for some seconds. A liveness probe that gives up by
then kills it at the worst moment, with all its requests, and the load goes to the others.`,
    mend: `Give it \`timeoutSeconds: 5\` and \`failureThreshold: 6\`: a process that is stuck for good is stuck a minute later,
too.`,
    sources: [
      "https://www.vdnt.click/blog/k8s-liveness-probes",
      "https://github.com/zegl/kube-score/blob/master/README_PROBES.md",
    ],
    profile: "default",
  },
  function* look({ container }) {
    if (!container.livenessProbe) return;
    const { failureThreshold, failsAfterSeconds, periodSeconds, timeoutSeconds } = probeTiming(
      container.livenessProbe,
    );
    if (failureThreshold > 1 && failsAfterSeconds > tightSeconds) return;
    const isFirst = failureThreshold === 1;
    if (isFirst && timeoutSeconds > tightSeconds) return;
    yield {
      path: ["livenessProbe", isFirst ? "failureThreshold" : "periodSeconds"],
      message: isFirst
        ? `container ${container.name} is killed by one answer that takes longer than ${timeoutSeconds} s`
        : `container ${container.name} is killed when it does not answer for ${failsAfterSeconds} s`,
      label: isFirst ? "one failure kills" : `${failureThreshold} failures in ${failsAfterSeconds} s`,
      next: [
        `livenessProbe: timeoutSeconds 5, failureThreshold ${Math.max(3, Math.ceil(60 / periodSeconds))}`,
      ],
    };
  },
);

const tightSeconds = 10;
