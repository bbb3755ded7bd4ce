import { formatObjectName } from "@seaworthy/kube";
import { podRule } from "../../../make-rule.ts";
import { callingServicesOf } from "../../../objects/network/calling-services.ts";

/** A pod that is to serve on, whose containers are not started anew. */
export const restartPolicy = podRule(
  {
    id: "restart-policy",
    severity: "warning",
    title: "containers of a pod are not started anew",
    why: `With \`restartPolicy: Never\` a container that ends stays ended, and its pod with it. Behind a Service that is an
outage that nothing mends.`,
    mend: `\`restartPolicy: Always\`, the default; for what ends by itself, a Job.`,
    sources: ["https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy"],
    profile: "default",
    peers: { "kube-linter": ["restart-policy"] },
  },
  function* look(pod, set) {
    const policy = pod.spec.restartPolicy ?? "Always";
    const [service] = callingServicesOf(pod, set);
    if (policy === "Always" || service === undefined) return;
    const path = ["spec", "restartPolicy"];
    const edit = {
      manifest: pod.manifest,
      path: [...pod.path, ...path],
      op: "set",
      value: "Always",
    } as const;
    yield {
      path,
      message: `a container of ${pod.manifest.object.metadata.name} that ends is not started anew, and ${formatObjectName(service.object)} loses it`,
      label: policy === "Never" ? "never started anew" : "not after a good end",
      next: ["restartPolicy: Always, the default"],
      fix: { isSafe: false, edits: [edit] },
    };
  },
);
