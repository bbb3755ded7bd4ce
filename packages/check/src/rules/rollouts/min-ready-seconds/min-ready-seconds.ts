import { formatObjectName, type Deployment } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { findPods } from "../../../objects/pod-source.ts";
import { callingServicesOf } from "../../../objects/network/calling-services.ts";

/** A Deployment that ends old pods as soon as new ones are ready, whether they are routed to or not. */
export const minReadySeconds = objectRule<Deployment>(
  {
    id: "min-ready-seconds",
    kind: "Deployment",
    group: "apps",
    severity: "advice",
    title: "old pods are ended as soon as a new one is ready",
    why: `A pod that is ready is not routed to yet: proxies hear of it a little later. And a pod that fails some seconds after
its start has been counted as good by then. With \`minReadySeconds\` a rollout waits so long after each pod before it
ends an old one, and stops at one that fails.`,
    mend: `\`minReadySeconds: 5\`, or 10 where a load balancer of a cloud sends to pods by itself.`,
    sources: [
      "https://github.com/kubernetes/kubernetes/issues/103121",
      "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#min-ready-seconds",
    ],
    profile: "strict",
  },
  function* look(manifest, set) {
    const { minReadySeconds = 0, strategy } = manifest.object.spec;
    if (minReadySeconds > 0 || strategy?.type === "Recreate") return;
    const [pod] = findPods(manifest);
    const [service] = pod === undefined ? [] : callingServicesOf(pod, set);
    if (service === undefined) return;
    const path = ["spec", "minReadySeconds"];
    yield {
      path,
      message: `a rollout of ${manifest.object.metadata.name} ends old pods before ${formatObjectName(service.object)} sends to the new ones`,
      label: "no minReadySeconds",
      next: ["minReadySeconds: 5"],
      fix: { isSafe: true, edits: [{ manifest, path, op: "set", value: 5 }] },
    };
  },
);
