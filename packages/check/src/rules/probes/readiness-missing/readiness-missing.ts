import { formatObjectName } from "@seaworthy/kube";
import { podRule } from "../../../make-rule.ts";
import { callingServicesOf } from "../../../objects/network/calling-services.ts";
import { servingContainers } from "../../../objects/containers/serving.ts";
import { usualProbe } from "../../../objects/containers/usual-probe.ts";

/** A container behind a Service that is sent requests before it can serve. */
export const readinessMissing = podRule(
  {
    id: "readiness-missing",
    severity: "warning",
    title: "a container behind a Service has no readiness probe",
    why: `Without a readiness probe a container counts as ready as soon as its process has started. Requests are sent to it
before it listens, in each rollout, and a rollout goes on although the new version never answers.`,
    mend: `A \`readinessProbe\` on a path that answers 200 only when the app can serve. It must not ask other systems that all
pods share: when these are down, all pods are taken out at once.`,
    sources: [
      "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#types-of-probe",
      "https://github.com/zegl/kube-score/blob/master/README_PROBES.md",
    ],
    profile: "default",
    losesRequests: true,
    peers: {
      "kube-score": ["pod-probes"],
      "kube-linter": ["no-readiness-probe"],
      polaris: ["readinessProbeMissing"],
    },
  },
  function* look(pod, set) {
    const services = callingServicesOf(pod, set);
    const [service] = services;
    // A Service may be there for the names of pods that are not ready.
    if (service === undefined || service.object.spec.publishNotReadyAddresses === true) return;
    for (const { container, path } of servingContainers(pod, set)) {
      if (container.readinessProbe) continue;
      yield {
        path: [...path.slice(pod.path.length), "readinessProbe"],
        message: `${formatObjectName(service.object)} sends requests to container ${container.name} before it can serve`,
        label: "no readiness probe",
        next: [`readinessProbe: ${usualProbe(container, pod, services)}`],
      };
    }
  },
);
