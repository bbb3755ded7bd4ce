import { formatObjectName, propagationSeconds } from "@seaworthy/kube";
import { podRule } from "../../../make-rule.ts";
import { graceEdit, graceSeconds } from "../../../objects/containers/grace.ts";
import { callingServicesOf } from "../../../objects/network/calling-services.ts";
import { servingContainers } from "../../../objects/containers/serving.ts";
import { hasSuccessor } from "../../../objects/workloads/successor.ts";
import { drainingPrograms, ownDrainSeconds } from "../own-drain.ts";

/** A pod behind a Service whose containers get SIGTERM while they are still sent requests. */
export const noDrain = podRule(
  {
    id: "no-drain",
    severity: "warning",
    title: "a pod behind a Service has no preStop hook",
    why: `A pod that is deleted gets SIGTERM at once, and is taken out of its Services at the same time, which every proxy
hears of later. Until then, requests are still sent to it; a server that stops listening at SIGTERM refuses them.`,
    mend: `Let the container wait before it gets SIGTERM: \`preStop: {sleep: {seconds: 5}}\`. Behind a load balancer of a
cloud it takes longer than 5 s until the pod gets no more requests, 40 s for example. Where no other pod serves meanwhile,
as with strategy Recreate, waiting is no use, and this rule says nothing. Nor does it where a Service is for metrics only,
nor where the manifests show that a program serves on by itself for ${propagationSeconds} s or longer: by
${drainingPrograms.map(({ name }) => name).join(", ")}.`,
    sources: [
      "https://github.com/kubernetes/kubernetes/issues/20473",
      "https://github.com/kubernetes/kubernetes/issues/43576",
      "https://github.com/kubernetes/ingress-gce/issues/769",
      ...drainingPrograms.map(({ source }) => source),
    ],
    profile: "default",
    losesRequests: true,
  },
  function* look(pod, set) {
    const [service] = callingServicesOf(pod, set);
    if (service === undefined || !hasSuccessor(pod, set)) return;
    for (const serving of servingContainers(pod, set)) {
      const { container, path } = serving;
      if (container.lifecycle?.preStop || ownDrainSeconds(serving, pod, set) >= propagationSeconds) continue;
      const field = [...path, "lifecycle", "preStop", "sleep", "seconds"];
      const wait = { manifest: pod.manifest, path: field, op: "set", value: 5 } as const;
      // The API server refuses a wait that is longer than the pod may take to end.
      const grace = graceSeconds(pod.spec) < 5 ? [graceEdit(pod, 30)] : [];
      yield {
        path: field.slice(pod.path.length),
        message: `container ${container.name} gets SIGTERM while ${formatObjectName(service.object)} still sends it requests`,
        label: "no preStop hook",
        next: ["lifecycle.preStop.sleep.seconds: 5"],
        fix: { isSafe: true, edits: [wait, ...grace] },
      };
    }
  },
);
