import { deepEqual, sameResources, type Pod, type RuntimeClass, type Toleration } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { forbidden } from "../http/status-error.ts";

/**
 * The admission plugin RuntimeClass: a pod's RuntimeClass is there, and the pod has its overhead, and goes to the nodes that
 * it names.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/plugin/pkg/admission/runtimeclass/admission.go
 */
export function admitRuntimeClass({ metadata, spec }: Pod, { store }: ApiContext): void {
  const refuse = (why: string): never => {
    throw forbidden({ group: "", plural: "pods", kind: "Pod" }, metadata.name, why);
  };
  const { runtimeClassName: name } = spec;
  const found = name === undefined ? undefined : store.get("node.k8s.io/runtimeclasses", name)?.object;
  if (name !== undefined && found === undefined)
    refuse(`pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
  const { overhead, scheduling } = (found ?? {}) as Partial<RuntimeClass>;
  if (overhead === undefined) {
    if (spec.overhead !== undefined)
      refuse("pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
  } else {
    if (
      Object.keys(spec.overhead ?? {}).length > 0 &&
      !sameResources(overhead.podFixed ?? {}, spec.overhead ?? {})
    )
      refuse("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    if (overhead.podFixed !== undefined) spec.overhead = { ...overhead.podFixed };
  }
  if (scheduling === undefined) return;
  for (const [key, value] of Object.entries(scheduling.nodeSelector ?? {})) {
    const own = spec.nodeSelector?.[key];
    if (own !== undefined && own !== value)
      refuse(
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`,
      );
  }
  if (scheduling.nodeSelector !== undefined)
    spec.nodeSelector = { ...spec.nodeSelector, ...scheduling.nodeSelector };
  const tolerations = mergeTolerations([...(spec.tolerations ?? []), ...(scheduling.tolerations ?? [])]);
  if (tolerations.length > 0) spec.tolerations = tolerations;
}

/** Leaves out what another one tolerates as well (k8s.io/kubernetes/pkg/util/tolerations, MergeTolerations). */
function mergeTolerations(all: readonly Toleration[]): Toleration[] {
  const merged: Toleration[] = [];
  for (const [index, one] of all.entries()) {
    const isLess = (other: Toleration) => !deepEqual(one, other) && toleratesAll(other, one);
    const isKnown = merged.some((other) => toleratesAll(other, one));
    if (!isKnown && !all.slice(index + 1).some(isLess)) merged.push(one);
  }
  return merged;
}

/** Whether `wide` tolerates whatever `narrow` does. */
function toleratesAll(wide: Toleration, narrow: Toleration): boolean {
  if (deepEqual(wide, narrow)) return true;
  const { key = "", operator = "Equal", effect = "", value = "", tolerationSeconds } = wide;
  if (narrow.key !== wide.key && (key !== "" || operator !== "Exists")) return false;
  if (effect !== "" && effect !== narrow.effect) return false;
  if (effect === "NoExecute" && tolerationSeconds !== undefined)
    if (narrow.tolerationSeconds === undefined || narrow.tolerationSeconds > tolerationSeconds) return false;
  if (operator === "Exists") return true;
  return operator === "Equal" && (narrow.operator ?? "Equal") === "Equal" && value === (narrow.value ?? "");
}
