import { podRule } from "../../../make-rule.ts";
import { gracePath, graceSeconds } from "../../../objects/containers/grace.ts";

/** A grace period that those who empty nodes do not wait for. */
export const graceTooLong = podRule(
  {
    id: "grace-too-long",
    severity: "advice",
    title: "the grace period is longer than those who empty nodes wait",
    why: `A pod that hangs is kept for the whole grace period, and so is each drain of a node and each step of a rollout. The
cluster autoscaler waits 10 minutes for pods of a node that it removes, and then takes the node away.`,
    mend: `Give it as long as its longest request takes, and let long work be taken up again by another pod.`,
    sources: [
      "https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md#does-ca-respect-gracefultermination-in-scale-down",
    ],
    profile: "strict",
  },
  function* look({ spec }) {
    const grace = graceSeconds(spec);
    if (grace <= autoscalerSeconds) return;
    yield {
      path: gracePath,
      message: `a pod that hangs is kept for ${grace} s, and the cluster autoscaler waits for ${autoscalerSeconds} s`,
      label: `longer than ${autoscalerSeconds} s`,
      next: ["terminationGracePeriodSeconds: 60, or what your longest request takes"],
    };
  },
);

/** Its flag --max-graceful-termination-sec. */
const autoscalerSeconds = 600;
