import { drainSeconds } from "@seaworthy/kube";
import { podRule } from "../../../make-rule.ts";
import { gracePath, graceSeconds } from "../../../objects/containers/grace.ts";
import { servingContainers } from "../../../objects/containers/serving.ts";

/** A grace period in which no app can end its requests. */
export const graceTooShort = podRule(
  {
    id: "grace-too-short",
    severity: "warning",
    title: "the grace period is too short to end requests",
    why: `When the grace period is over, SIGKILL ends what still runs: requests are cut in the middle, and data that has not
been written is lost. With 0 there is no SIGTERM at all, and in a StatefulSet two pods of one name may run at once.`,
    mend: `Leave \`terminationGracePeriodSeconds\` out: the default is 30. Apps that end sooner are not kept by it.`,
    sources: [
      "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-forced",
      "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees",
    ],
    profile: "default",
    losesRequests: true,
  },
  function* look(pod, set) {
    const grace = graceSeconds(pod.spec);
    if (grace >= drainSeconds || pod.spec.restartPolicy === "Never" || pod.spec.restartPolicy === "OnFailure")
      return;
    const serving = servingContainers(pod, set);
    // With a hook, it is the matter of grace-budget.
    const isServed = serving.length > 0 && !serving.some(({ container }) => container.lifecycle?.preStop);
    if (grace > 0 && !isServed) return;
    const [first] = serving;
    yield {
      path: gracePath,
      message:
        grace === 0
          ? "the pod is ended by SIGKILL, without SIGTERM before"
          : `container ${first?.container.name} has ${grace} s to end its requests, and is killed then`,
      label: grace === 0 ? "no time to end" : `${grace} s`,
      next: ["terminationGracePeriodSeconds: 30, the default"],
      fix: {
        isSafe: false,
        edits: [{ manifest: pod.manifest, path: [...pod.path, ...gracePath], op: "remove" }],
      },
    };
  },
);
