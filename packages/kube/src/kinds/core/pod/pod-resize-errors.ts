import { equalInGo } from "../../../go/in-go.ts";
import type { Container, KubeObject, Pod, PodSpec } from "../../../object.ts";
import { qosClassOf } from "./qos-class.ts";
import { forbiddenValue, invalidValue, type FieldErrors } from "../../field-error.ts";
import { coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { mirrorKey, podMetadataAndSpecErrors } from "./pod-errors.ts";

/**
 * What is wrong with a change of the resources of a pod that runs.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go (ValidatePodResize)
 */
export function* podResizeErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const [pod, before] = [object as Pod, old as Pod];
  if (before.metadata.annotations?.[mirrorKey] !== undefined)
    return yield forbiddenValue("", "static pods cannot be resized");
  if (before.spec.os?.name === "windows") return yield forbiddenValue("", "windows pods cannot be resized");
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* podMetadataAndSpecErrors(pod);
  if ((before.status?.qosClass ?? qosClassOf(before)) !== qosClassOf(pod))
    yield invalidValue(
      "spec",
      before.status?.qosClass ?? "",
      "Pod QOS Class may not change as a result of resizing",
    );
  if (!isSupported(before)) yield forbiddenValue("spec", "Pod running on node without support for resize");
  const order = [...orderErrors(pod.spec, before.spec)];
  yield* order;
  if (order.length > 0) return;
  for (const list of ["initContainers", "containers"] as const)
    for (const [index, container] of (pod.spec[list] ?? []).entries())
      yield* removalErrors(`spec.${list}[${index}].resources`, container, before.spec[list]![index]!);
  yield* mutableErrors(pod.spec, before.spec);
}

/** A node tells the resources of what runs there when it can change them. */
function isSupported({ status }: Pod): boolean {
  const running = status?.containerStatuses?.find(({ state }) => state?.running !== undefined);
  return running === undefined || running.resources !== undefined;
}

function* orderErrors(spec: PodSpec, before: PodSpec): FieldErrors {
  for (const list of ["containers", "initContainers"] as const) {
    const [now, was] = [spec[list] ?? [], before[list] ?? []];
    if (now.length !== was.length) {
      yield forbiddenValue(`spec.${list}`, `${list} may not be added or removed on resize`);
      continue;
    }
    for (const [index, { name }] of was.entries())
      if (now[index]!.name !== name)
        yield forbiddenValue(
          `spec.${list}[${index}].name`,
          `${list} may not be renamed or reordered on resize`,
        );
  }
}

function* removalErrors(field: string, { resources }: Container, before: Container): FieldErrors {
  for (const list of ["requests", "limits"] as const) {
    const now = resources?.[list] ?? {};
    if (Object.keys(before.resources?.[list] ?? {}).some((name) => now[name] === undefined))
      yield forbiddenValue(`${field}.${list}`, `resource ${list} cannot be removed`);
  }
}

function* mutableErrors(spec: PodSpec, before: PodSpec): FieldErrors {
  for (const [index, container] of spec.containers.entries())
    if (!isSameButResources(container, before.containers[index]!))
      yield forbiddenValue("spec", "only cpu and memory resources are mutable");
  // A policy that would start a finished init container anew is refused when the pod is made.
  for (const [index, container] of (spec.initContainers ?? []).entries())
    if (!isSameButResources(container, before.initContainers![index]!))
      yield forbiddenValue(
        `spec.initContainers[${index}]`,
        "only cpu and memory resources for init or sidecar containers are mutable",
      );
}

function isSameButResources(container: Container, before: Container): boolean {
  const [now, was] = [container, before].map((each) => ({ containers: [withFixed(each)] }));
  return equalInGo("core.PodSpec", now, was);
}

function withFixed({ resources, ...container }: Container): Container {
  const fixed = (list: Readonly<Record<string, string>> = {}) => {
    const { cpu: _cpu, memory: _memory, ...rest } = list;
    return rest;
  };
  return {
    ...container,
    resources: { ...resources, limits: fixed(resources?.limits), requests: fixed(resources?.requests) },
  };
}
