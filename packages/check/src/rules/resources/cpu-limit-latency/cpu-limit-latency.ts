import { compareQuantity, formatObjectName } from "@seaworthy/kube";
import { podRule } from "../../../make-rule.ts";
import { pathInPod } from "../../../objects/containers/security-contexts.ts";
import { servingCpuLimits, withoutLimit } from "../serving-cpu-limit.ts";

/** A CPU limit of a container that serves requests. */
export const cpuLimitLatency = podRule(
  {
    id: "cpu-limit-latency",
    severity: "advice",
    title: "a CPU limit makes the slowest requests slower",
    why: `The kernel counts CPU time in periods of 100 ms, and stops a container that has used its limit until the next
period begins, although the node may be idle. Servers use CPU in bursts: with a limit of 600m, a
request of 26 ms was measured to take 66 ms.`,
    mend: `Remove \`limits.cpu\` and keep \`requests.cpu\` for every container of the cluster: then each gets its share when a
node is busy. Where a limit is demanded, take twice of what the container uses at its peak, and watch
\`container_cpu_cfs_throttled_periods_total\`.`,
    sources: [
      "https://arxiv.org/html/2510.10747v1",
      "https://erickhun.com/posts/kubernetes-faster-services-no-cpu-limits/",
      "https://medium.com/omio-engineering/cpu-limits-and-aggressive-throttling-in-kubernetes-c5b20bd8a718",
    ],
    profile: "strict",
  },
  function* look(pod, set) {
    for (const found of servingCpuLimits(pod, set)) {
      const { source, limit, service } = found;
      // Below that, the rule cpu-limit-small says more.
      if (compareQuantity(limit, "250m") < 0) continue;
      yield {
        path: [...pathInPod(source, pod), "resources", "limits", "cpu"],
        message: `container ${source.container.name} is stopped in the middle of requests whenever it has used ${limit} of CPU`,
        label: "also when the node is idle",
        seen: [`${formatObjectName(service.object)} sends it requests`],
        next: ["remove limits.cpu, and keep requests.cpu"],
        fix: withoutLimit(pod, found),
      };
    }
  },
);
