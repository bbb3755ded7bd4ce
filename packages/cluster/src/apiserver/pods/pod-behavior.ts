import { addDefaultLimits } from "../admission/default-limits.ts";
import { addDefaultTolerations } from "../admission/default-tolerations.ts";
import { admitPriority } from "../admission/priority.ts";
import { admitRuntimeClass } from "../admission/runtime-class.ts";
import { admitServiceAccount } from "../admission/service-account.ts";
import { bindPod } from "./bind-pod.ts";
import { changeEphemeralContainers } from "./change-ephemeral-containers.ts";
import { evictPod } from "./evict-pod.ts";
import { attachToPod, execInPod } from "./exec-pod.ts";
import { forwardPortsOfPod } from "./forward-ports-of-pod.ts";
import { proxyToPod } from "./proxy-to-pod.ts";
import { readPodLog } from "./read-pod-log.ts";
import { resizePod } from "./resize-pod.ts";
import { type Pod, qosClassOf } from "@seaworthy/kube";
import { dropDisabledFields } from "./disabled-fields.ts";
import type { Behavior } from "../resource.ts";

/** Pods: born Pending, bound to a node once, evicted, and read for their logs. */
export const podBehavior: Behavior = {
  admitCreate(draft, context) {
    const pod = draft as Pod;
    addDefaultLimits(pod, context);
    admitPriority(pod, context);
    admitServiceAccount(pod, context);
    addDefaultTolerations(pod.spec);
    admitRuntimeClass(pod, context);
  },
  prepareCreate(draft) {
    const pod = draft as Pod;
    dropDisabledFields(pod.spec);
    pod.status = { phase: "Pending", qosClass: qosClassOf(pod) };
    return [];
  },
  prepareUpdate(draft, old) {
    const { spec } = draft as Pod;
    dropDisabledFields(spec);
    const { priority, preemptionPolicy } = (old as Pod).spec;
    if (priority !== undefined) spec.priority ??= priority;
    if (preemptionPolicy !== undefined) spec.preemptionPolicy ??= preemptionPolicy;
    addDefaultTolerations(spec);
    return [];
  },
  prepareStatus(draft, old) {
    const pod = draft as Pod;
    const before = old as Pod;
    if (before.metadata.ownerReferences === undefined) delete pod.metadata.ownerReferences;
    else pod.metadata.ownerReferences = before.metadata.ownerReferences;
    const qosClass = pod.status?.qosClass ?? before.status?.qosClass;
    if (qosClass !== undefined) pod.status = { ...pod.status, qosClass };
    return [];
  },
  subresources: [
    {
      name: "binding",
      kind: { group: "", version: "v1", kind: "Binding" },
      verbs: ["create"],
      handle: bindPod,
    },
    {
      name: "ephemeralcontainers",
      kind: { group: "", version: "v1", kind: "Pod" },
      verbs: ["get", "patch", "update"],
      handle: changeEphemeralContainers,
    },
    {
      name: "eviction",
      kind: { group: "policy", version: "v1", kind: "Eviction" },
      verbs: ["create"],
      handle: evictPod,
    },
    {
      name: "exec",
      connects: true,
      kind: { group: "", version: "v1", kind: "PodExecOptions" },
      verbs: ["create", "get"],
      handle: execInPod,
    },
    {
      name: "attach",
      connects: true,
      kind: { group: "", version: "v1", kind: "PodAttachOptions" },
      verbs: ["create", "get"],
      handle: attachToPod,
    },
    {
      name: "portforward",
      connects: true,
      kind: { group: "", version: "v1", kind: "PodPortForwardOptions" },
      verbs: ["create", "get"],
      handle: forwardPortsOfPod,
    },
    {
      name: "proxy",
      kind: { group: "", version: "v1", kind: "PodProxyOptions" },
      verbs: ["create", "delete", "get", "patch", "update"],
      connects: true,
      takesPaths: true,
      handle: proxyToPod,
    },
    {
      name: "resize",
      kind: { group: "", version: "v1", kind: "Pod" },
      verbs: ["get", "patch", "update"],
      handle: resizePod,
    },
    { name: "log", kind: { group: "", version: "v1", kind: "Pod" }, verbs: ["get"], handle: readPodLog },
  ],
};
