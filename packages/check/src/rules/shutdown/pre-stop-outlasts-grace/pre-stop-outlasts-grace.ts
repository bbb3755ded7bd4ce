import { drainSeconds, preStopOf } from "@seaworthy/kube";
import { containerRule } from "../../../make-rule.ts";
import { graceEdit, graceSeconds, seenGrace } from "../../../objects/containers/grace.ts";
import { hookPath } from "../../../objects/containers/hook-path.ts";

/** A preStop hook that takes all the time that the pod has to end. */
export const preStopOutlastsGrace = containerRule(
  {
    id: "pre-stop-outlasts-grace",
    severity: "error",
    title: "a preStop hook outlasts the pod's grace period",
    why: `The time of the hook is part of the grace period. When that is over before the hook is, the container is given two
seconds more, and then SIGKILL cuts every request that it still has: it never gets the chance to end well.`,
    mend: `Set \`terminationGracePeriodSeconds\` to the time of the hook, and what the app needs to end its requests, and some
seconds to spare.`,
    sources: [
      "https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#hook-handler-execution",
      "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination",
    ],
    profile: "default",
    losesRequests: true,
  },
  function* look({ container }, pod) {
    const hook = preStopOf(container);
    const grace = graceSeconds(pod.spec);
    if (hook?.seconds === undefined || hook.seconds < grace) return;
    // The API server refuses such a hook itself.
    if (hook.kind === "sleep" && hook.seconds > grace) return;
    const needed = Math.ceil(hook.seconds) + drainSeconds + 5;
    yield {
      path: hookPath(hook),
      message: `the preStop hook of container ${container.name} waits ${hook.seconds} s, and the pod is given ${grace} s to end`,
      label: `waits ${hook.seconds} s of ${grace} s`,
      seen: [seenGrace(pod)],
      next: [
        `terminationGracePeriodSeconds: ${needed}  (${hook.seconds} s + ${drainSeconds} s to drain + 5 s to spare)`,
      ],
      fix: { isSafe: true, edits: [graceEdit(pod, needed)] },
    };
  },
);
