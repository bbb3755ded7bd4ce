import { containerRule } from "../../../make-rule.ts";
import { equalProbes } from "../../../objects/containers/equal-probes.ts";

/** A container that is killed by what should only keep requests away from it. */
export const livenessLikeReadiness = containerRule(
  {
    id: "liveness-like-readiness",
    severity: "warning",
    title: "liveness asks what readiness asks, and gives up no later",
    why: `When an app is slow under load, readiness takes requests away from it, so that it can recover. A liveness probe that
asks the same and gives up as soon kills it at that very moment: the load goes to the other pods, and these are next.`,
    mend: `Give liveness a path of its own (or a \`service\`, with gRPC), which says only that the process is not stuck; or a much higher
\`failureThreshold\` than readiness has; or leave it out.`,
    sources: [
      "https://kubernetes.io/docs/concepts/workloads/pods/probes/",
      "https://github.com/zegl/kube-score/blob/master/README_PROBES.md",
      "https://www.vdnt.click/blog/k8s-liveness-probes",
    ],
    profile: "default",
    peers: { "kube-score": ["pod-probes-identical"] },
  },
  function* look({ container }) {
    const equal = equalProbes(container);
    if (equal === undefined) return;
    const { target, live, ready } = equal;
    if (live.failsAfterSeconds > ready.failsAfterSeconds) return;
    yield {
      path: ["livenessProbe"],
      message: `container ${container.name} is killed when it is not ready: liveness and readiness both ask ${target}`,
      label: `fails after ${live.failsAfterSeconds} s; readiness after ${ready.failsAfterSeconds} s`,
      next: [
        container.livenessProbe?.grpc === undefined
          ? "a path for liveness that fails only when the process is stuck"
          : "a grpc.service for liveness that fails only when the process is stuck",
        `or livenessProbe.failureThreshold: ${Math.ceil((ready.failsAfterSeconds * 3) / live.periodSeconds)}`,
      ],
    };
  },
);
