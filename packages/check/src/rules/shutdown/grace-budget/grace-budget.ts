import { drainSeconds, preStopOf } from "@seaworthy/kube";
import { containerRule } from "../../../make-rule.ts";
import { graceEdit, graceSeconds, seenGrace } from "../../../objects/containers/grace.ts";
import { hookPath } from "../../../objects/containers/hook-path.ts";
import { servingContainers } from "../../../objects/containers/serving.ts";

/** A grace period that leaves no time to end requests after the preStop hook. */
export const graceBudget = containerRule(
  {
    id: "grace-budget",
    severity: "warning",
    title: "the grace period leaves too little after the preStop hook",
    why: `The time of the preStop hook is part of the grace period. What is left of it must be enough for the requests and
the connections that the app still has when it gets SIGTERM; at its end SIGKILL cuts them.`,
    mend: `\`terminationGracePeriodSeconds\` must be at least the time of the hook and 10 s, or as long as your longest request
takes.`,
    sources: [
      "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination",
      "https://dingyu.dev/posts/k8s-zero-downtime",
    ],
    profile: "default",
    losesRequests: true,
  },
  function* look({ container, path }, pod, set) {
    const hook = preStopOf(container);
    const grace = graceSeconds(pod.spec);
    if (hook?.seconds === undefined || hook.seconds >= grace) return;
    const needed = Math.ceil(hook.seconds) + drainSeconds;
    if (needed <= grace || !servingContainers(pod, set).some((each) => each.path === path)) return;
    yield {
      path: hookPath(hook),
      message: `after its preStop hook, container ${container.name} has ${grace - hook.seconds} s left to end its requests`,
      label: `waits ${hook.seconds} s of ${grace} s`,
      seen: [seenGrace(pod)],
      next: [`terminationGracePeriodSeconds: ${needed}  (${hook.seconds} s + ${drainSeconds} s to drain)`],
      fix: { isSafe: true, edits: [graceEdit(pod, needed)] },
    };
  },
);
