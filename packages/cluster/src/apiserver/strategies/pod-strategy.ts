import { deepEqual, type KubeObject, type Pod } from "@seaworthy/kube";
import type { FieldError } from "../status-error.ts";
import { qosClassOf } from "./qos-class.ts";
import type { Strategy } from "./strategy.ts";

/** Pods: born Pending, nearly all of the spec fixed, deleted with grace. */
export const podStrategy: Strategy = {
  status: "isolated",
  returnsDeleted: true,
  generationInputs: ({ spec }) => spec,
  prepareCreate(draft) {
    const pod = draft as Pod;
    admitPod(pod);
    pod.status = { phase: "Pending", qosClass: qosClassOf(pod) };
    return [];
  },
  prepareUpdate: specErrors,
  prepareStatus(draft, old) {
    const pod = draft as Pod;
    const before = old as Pod;
    if (before.metadata.ownerReferences === undefined) delete pod.metadata.ownerReferences;
    else pod.metadata.ownerReferences = before.metadata.ownerReferences;
    const qosClass = pod.status?.qosClass ?? before.status?.qosClass;
    if (qosClass !== undefined) pod.status = { ...pod.status, qosClass };
  },
  gracePeriodSeconds(object, asked) {
    const { spec, status } = object as Pod;
    if ((spec.nodeName ?? "") === "" || status?.phase === "Failed" || status?.phase === "Succeeded") return 0;
    const period = asked ?? spec.terminationGracePeriodSeconds ?? 0;
    return period < 0 ? 1 : period;
  },
  selectableFields(object) {
    const { spec, status } = object as Pod;
    return {
      "spec.nodeName": spec.nodeName,
      "spec.restartPolicy": spec.restartPolicy,
      "spec.schedulerName": spec.schedulerName,
      "spec.serviceAccountName": spec.serviceAccountName,
      "spec.hostNetwork": String(spec.hostNetwork ?? false),
      "status.phase": status?.phase,
      "status.podIP": status?.podIP,
      "status.nominatedNodeName": status?.nominatedNodeName,
    };
  },
};

/** What the admission plugins ServiceAccount, Priority and DefaultTolerationSeconds add to every pod. */
function admitPod(pod: Pod): void {
  const { spec } = pod;
  spec.serviceAccountName ??= "default";
  spec.serviceAccount ??= spec.serviceAccountName;
  spec.priority ??= 0;
  spec.preemptionPolicy ??= "PreemptLowerPriority";
  const tolerations = [...(spec.tolerations ?? [])];
  for (const key of ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]) {
    const tolerated = tolerations.some(
      (toleration) =>
        (toleration.key === key || toleration.key === undefined) &&
        (toleration.effect === "NoExecute" || toleration.effect === undefined),
    );
    if (!tolerated)
      tolerations.push({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 });
  }
  spec.tolerations = tolerations;
}

const fixed =
  "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`," +
  "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** ValidatePodUpdate: what may change is made equal, then nothing else may differ. */
function specErrors(draft: KubeObject, old: KubeObject): FieldError[] {
  const before = (old as Pod).spec;
  const { spec } = draft as Pod;
  const comparable = structuredClone(spec);
  if (comparable.containers?.length !== before.containers.length) {
    const message = "Forbidden: pod updates may not add or remove containers";
    return [{ reason: "FieldValueForbidden", field: "spec.containers", message }];
  }
  for (const [list, oldList] of [
    [comparable.containers, before.containers],
    [comparable.initContainers, before.initContainers],
  ]) {
    for (const [index, container] of (list ?? []).entries()) {
      const image = oldList?.[index]?.image;
      if (image === undefined) delete container.image;
      else container.image = image;
    }
  }
  for (const field of ["activeDeadlineSeconds", "schedulingGates"] as const) {
    if (before[field] === undefined) delete comparable[field];
    else Object.assign(comparable, { [field]: before[field] });
  }
  if (addsTolerationsOnly(comparable.tolerations ?? [], before.tolerations ?? [])) {
    if (before.tolerations === undefined) delete comparable.tolerations;
    else comparable.tolerations = before.tolerations;
  }
  if ((before.terminationGracePeriodSeconds ?? 0) < 0 && comparable.terminationGracePeriodSeconds === 1) {
    comparable.terminationGracePeriodSeconds = before.terminationGracePeriodSeconds ?? 0;
  }
  if (deepEqual(comparable, before)) return [];
  return [{ reason: "FieldValueForbidden", field: "spec", message: fixed }];
}

function addsTolerationsOnly(now: readonly unknown[], before: readonly unknown[]): boolean {
  return before.every((toleration) => now.some((other) => deepEqual(other, toleration)));
}
