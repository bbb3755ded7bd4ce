import { containerRule } from "../../../make-rule.ts";
import { equalProbes } from "../../../objects/containers/equal-probes.ts";

/** A container whose liveness and readiness ask the same, though liveness is more patient. */
export const sameProbe = containerRule(
  {
    id: "same-probe",
    severity: "advice",
    title: "liveness and readiness ask the same",
    why: `"May requests be sent to it?" and "is it stuck for good?" are two questions. With one answer for both, a pod that
rightly says no to the first for a longer while is killed. Where liveness gives up no later than readiness, that is the
matter of \`liveness-like-readiness\`.`,
    mend: `Give liveness a path of its own, which asks nothing of other systems; or leave liveness out.`,
    sources: ["https://github.com/zegl/kube-score/blob/master/README_PROBES.md"],
    profile: "strict",
    peers: { "kube-score": ["pod-probes-identical"] },
  },
  function* look({ container }) {
    const equal = equalProbes(container);
    if (equal === undefined || equal.live.failsAfterSeconds <= equal.ready.failsAfterSeconds) return;
    yield {
      path: ["livenessProbe"],
      message: `liveness and readiness of container ${container.name} ask the same: ${equal.target}`,
      label: "asks what readiness asks",
      next: ["a path for liveness that fails only when the process is stuck"],
    };
  },
);
