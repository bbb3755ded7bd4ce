import { containerRule } from "../../../make-rule.ts";

/** A container without a liveness probe. */
export const livenessMissing = containerRule(
  {
    id: "liveness-missing",
    severity: "advice",
    title: "a container has no liveness probe",
    why: `A liveness probe restarts a process that is stuck for good. That is rare, and a liveness probe that asks too much or
gives up too soon has caused more outages than it has ended: without a known way in which the app gets stuck, it is
better without. This rule is in no profile; it is there for those who want what other tools ask for.`,
    mend: `Where the app is known to get stuck: a path that looks at the process only, \`timeoutSeconds: 5\`,
\`failureThreshold: 6\`.`,
    sources: ["https://github.com/zegl/kube-score/blob/master/README_PROBES.md"],
    peers: {
      "kube-score": ["pod-probes"],
      "kube-linter": ["no-liveness-probe"],
      polaris: ["livenessProbeMissing"],
    },
  },
  function* look({ container, role }, { spec }) {
    if (role === "init" || (spec.restartPolicy ?? "Always") !== "Always" || container.livenessProbe) return;
    yield {
      path: ["livenessProbe"],
      message: `container ${container.name} has no liveness probe`,
      label: "no liveness probe",
      next: ["livenessProbe, where the app is known to get stuck"],
    };
  },
);
