import { compareQuantity, formatObjectName, parseQuantity } from "@seaworthy/kube";
import { podRule } from "../../../make-rule.ts";
import { pathInPod } from "../../../objects/containers/security-contexts.ts";
import { servingCpuLimits, withoutLimit } from "../serving-cpu-limit.ts";

/** A CPU limit below which a server stands still most of the time. */
export const cpuLimitSmall = podRule(
  {
    id: "cpu-limit-small",
    severity: "warning",
    title: "a CPU limit stops a server in the middle of requests",
    why: `The kernel counts CPU time in periods of 100 ms. With \`limits: {cpu: 200m}\`, a container that has used 20 ms in a
period stands still for the rest of it, with every request it holds, although the node may be idle. Starting up, compiling and
collecting garbage take more than that at once, so that probes time out as well.`,
    mend: `Remove \`limits.cpu\` and keep \`requests.cpu\`: the request is what the container gets when the node is busy. Where
a limit is demanded, take at least twice of what the container uses at its peak, and at least one CPU.`,
    sources: [
      "https://medium.com/omio-engineering/cpu-limits-and-aggressive-throttling-in-kubernetes-c5b20bd8a718",
      "https://erickhun.com/posts/kubernetes-faster-services-no-cpu-limits/",
      "https://docs.kernel.org/scheduler/sched-bwc.html",
    ],
    profile: "default",
  },
  function* look(pod, set) {
    for (const found of servingCpuLimits(pod, set)) {
      const { source, limit, service } = found;
      if (compareQuantity(limit, smallest) >= 0) continue;
      const ms = Number(parseQuantity(limit) / 10_000_000n);
      yield {
        path: [...pathInPod(source, pod), "resources", "limits", "cpu"],
        message: `container ${source.container.name} stands still after ${ms} ms of CPU in every 100 ms, in the middle of requests`,
        label: `${ms} ms of every 100 ms`,
        seen: [`${formatObjectName(service.object)} sends it requests`],
        next: ["remove limits.cpu, and keep requests.cpu", 'limits.cpu: "1", where a limit is demanded'],
        fix: withoutLimit(pod, found),
      };
    }
  },
);

/** Below it, what every server does now and then takes longer than a period. */
const smallest = "250m";
