import { formatObjectName } from "@seaworthy/kube";
import { workloadRule } from "../../../workload-rule.ts";
import { autoscalersOf } from "../../../objects/workloads/autoscalers.ts";
import { callingServicesOf } from "../../../objects/network/calling-services.ts";
import { podsOf } from "../../../objects/selecting.ts";

/** An app behind a Service that has no pods. */
export const replicasZero = workloadRule(
  {
    id: "replicas-zero",
    severity: "warning",
    title: "an app behind a Service has no pods",
    why: `\`replicas: 0\` is a good way to stop an app, and easily left behind: the Service is there, and refuses every request.`,
    mend: `Set \`replicas\` to what it should be; or delete the Service, and what leads to it, with the app.`,
    sources: ["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#scaling-a-deployment"],
    profile: "default",
  },
  function* look({ pod, replicas }, set) {
    const { manifest } = pod;
    if (replicas.most > 0 || autoscalersOf(manifest, set).length > 0) return;
    const service = callingServicesOf(pod, set).find((each) => podsOf(each, set).length === 1);
    if (service === undefined) return;
    yield {
      path: replicas.path,
      message: `${formatObjectName(service.object)} refuses every request: ${manifest.object.metadata.name} has no pods`,
      label: "no pods",
      next: ["replicas: 2, or delete the Service as well"],
    };
  },
);
