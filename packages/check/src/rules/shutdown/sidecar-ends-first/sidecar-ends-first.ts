import { preStopOf } from "@seaworthy/kube";
import { podRule } from "../../../make-rule.ts";
import { isProxy } from "../../../objects/containers/proxy-container.ts";
import { servingContainers } from "../../../objects/containers/serving.ts";
import { ownDrainSeconds } from "../own-drain.ts";

/** A proxy in a pod that ends while the app, which waits in its preStop hook, still needs it. */
export const sidecarEndsFirst = podRule(
  {
    id: "sidecar-ends-first",
    severity: "warning",
    title: "a proxy ends while the app beside it still serves",
    why: `Each container of a pod gets its own hook and its own SIGTERM. While the app waits in its preStop hook, a proxy
without one is ended: requests that come in through it, or connections that the app makes through it, fail.`,
    mend: `Make it a sidecar, which ends after the app: an entry of \`initContainers\` with \`restartPolicy: Always\` (since 1.29).
Or give it a preStop hook that waits longer than the app's.`,
    sources: [
      "https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/",
      "https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/753-sidecar-containers",
    ],
    profile: "default",
    losesRequests: true,
  },
  function* look(pod, set) {
    const serving = servingContainers(pod, set);
    if (serving.length === 0) return;
    const main = pod.containers.filter(({ role }) => role === "main");
    const waiting = main.find(({ container }) => (preStopOf(container)?.seconds ?? 0) > 0);
    if (waiting === undefined) return;
    const seconds = preStopOf(waiting.container)?.seconds ?? 0;
    for (const each of main) {
      const { name, lifecycle } = each.container;
      // What requests are sent to is the matter of no-drain.
      if (lifecycle?.preStop || serving.includes(each) || !isProxy(each.container)) continue;
      if (ownDrainSeconds(each, pod, set) >= seconds) continue;
      yield {
        path: [...each.path.slice(pod.path.length), "lifecycle", "preStop"],
        message: `container ${name} gets SIGTERM ${seconds} s before container ${waiting.container.name}, which still serves`,
        label: "no preStop hook",
        next: [
          "move it to initContainers, with restartPolicy: Always: then it ends last",
          `or lifecycle.preStop.sleep.seconds: ${seconds + 2}`,
        ],
      };
    }
  },
);
