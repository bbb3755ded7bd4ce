import { deepEqual } from "../../../deep-equal.ts";
import { diffInGo, equalInGo } from "../../../go/in-go.ts";
import type { KubeObject, Pod, PodSpec, TemplateMeta, Toleration } from "../../../object.ts";
import {
  forbiddenValue,
  invalidValue,
  requiredValue,
  type FieldError,
  type FieldErrors,
} from "../../field-error.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { rangeErrors } from "../../meta/number-errors.ts";
import { imageSpaceErrors } from "./validation/container-errors.ts";
import { gatedPodErrors, withNodesOf } from "./validation/gated-pod-errors.ts";
import { podSpecErrors } from "./validation/pod-spec-errors.ts";
import {
  appArmorMatchErrors,
  appArmorPrefix,
  profileAnnotationErrors,
  seccompMatchErrors,
} from "./validation/profile-annotation-errors.ts";
import { tolerationErrors } from "./validation/scheduling-errors.ts";

/** What is wrong with a new pod. */
export function* podErrors(object: KubeObject): FieldErrors {
  const { spec } = object as Pod;
  yield* podMetadataAndSpecErrors(object as Pod);
  if ((spec?.ephemeralContainers ?? []).length > 0)
    yield forbiddenValue("spec.ephemeralContainers", "cannot be set on create");
  if ((spec?.nodeName ?? "") !== "" && (spec?.schedulingGates ?? []).length > 0)
    yield forbiddenValue("spec.nodeName", "cannot be set until all schedulingGates have been cleared");
  yield* seccompMatchErrors("spec", object.metadata, spec ?? ({} as PodSpec));
  yield* appArmorMatchErrors("spec", object.metadata, spec ?? ({} as PodSpec), { isPod: true });
}

/** What is wrong with a change of a pod, of which next to nothing may change. */
export function* podUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const { spec } = object as Pod;
  const { spec: before } = old as Pod;
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* podMetadataAndSpecErrors(object as Pod);
  yield* fixedAnnotationErrors(object as Pod, old as Pod);
  yield* mirrorErrors(object as Pod, old as Pod);
  for (const list of ["containers", "initContainers"] as const) {
    const containers = spec[list] ?? [];
    if (containers.length !== (before[list] ?? []).length)
      return yield forbiddenValue(`spec.${list}`, "pod updates may not add or remove containers");
    for (const [index, { image = "" }] of containers.entries()) {
      if (image === "") yield requiredValue(`spec.${list}[${index}].image`);
      yield* imageSpaceErrors(`spec.${list}[${index}]`, image);
    }
  }
  const deadlines = [...deadlineErrors(spec, before)];
  yield* deadlines;
  if (deadlines.length > 0 && spec.activeDeadlineSeconds !== undefined) return;
  yield* addedTolerationErrors(spec, before);
  yield* gateErrors(spec, before);
  yield* fixedFieldErrors(spec, before);
}

/**
 * What is wrong with the containers that are added to a pod that runs, which stay for good.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go (ValidatePodEphemeralContainersUpdate)
 */
export function* podEphemeralContainersErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const pod = object as Pod;
  const before = old as Pod;
  if (before.metadata.annotations?.[mirrorKey] !== undefined)
    return yield forbiddenValue("", "static pods do not support ephemeral containers");
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* podMetadataAndSpecErrors(pod);
  yield* fixedAnnotationErrors(pod, before);
  const field = "spec.ephemeralContainers";
  for (const container of before.spec.ephemeralContainers ?? []) {
    const now = pod.spec.ephemeralContainers?.find(({ name }) => name === container.name);
    const name = JSON.stringify(container.name);
    if (now === undefined)
      yield forbiddenValue(field, `existing ephemeral containers ${name} may not be removed\n`);
    else if (!deepEqual(now, container))
      yield forbiddenValue(
        field,
        `existing ephemeral containers ${name} may not be changed\n${diffInGo("core.EphemeralContainer", container, now)}`,
      );
  }
}

/** Annotations of a pod, or of the template of one, that have a form of their own. */
export function* podAnnotationErrors(
  field: string,
  metadata: TemplateMeta | undefined,
  spec: PodSpec,
): FieldErrors {
  const cost = metadata?.annotations?.["controller.kubernetes.io/pod-deletion-cost"];
  if (cost !== undefined) yield* deletionCostErrors(field, cost);
  yield* profileAnnotationErrors(field, metadata, spec);
}

function* deletionCostErrors(field: string, cost: string): FieldErrors {
  const value = /^(0|[1-9]\d*|-\d+)$/.test(cost) ? Number(cost) : Number.NaN;
  if (!(value >= -2_147_483_648 && value <= 2_147_483_647))
    yield invalidValue(
      `${field}[controller.kubernetes.io/pod-deletion-cost]`,
      cost,
      "must be a 32bit integer",
    );
}

/** What is wrong with a pod, whatever it was before. */
export function* podMetadataAndSpecErrors(pod: Pod): FieldErrors {
  yield* coreObjectMetaErrors(pod);
  if (pod.metadata.annotations?.[mirrorKey] !== undefined && (pod.spec?.nodeName ?? "") === "")
    yield invalidValue(
      `metadata.annotations[${mirrorKey}]`,
      pod.metadata.annotations[mirrorKey],
      "must set spec.nodeName if mirror pod annotation is set",
    );
  const spec = pod.spec ?? ({} as PodSpec);
  yield* podAnnotationErrors("metadata.annotations", pod.metadata, spec);
  yield* podSpecErrors("spec", spec, { name: pod.metadata.name });
  for (const list of ["containers", "initContainers"] as const)
    for (const [index, { image }] of (spec[list] ?? []).entries())
      yield* imageSpaceErrors(`spec.${list}[${index}]`, image);
}

/** The annotation of a pod that a file of its node makes. */
export const mirrorKey = "kubernetes.io/config.mirror";

/** Annotations of a pod that never change. */
function* fixedAnnotationErrors(pod: Pod, old: Pod): FieldErrors {
  const [now, before] = [pod.metadata.annotations ?? {}, old.metadata.annotations ?? {}];
  const field = "metadata.annotations";
  for (const [key, value] of Object.entries(before))
    if (key.startsWith(appArmorPrefix) && now[key] !== value)
      yield forbiddenValue(`${field}[${key}]`, "may not remove or update AppArmor annotations");
  for (const key of Object.keys(now))
    if (key.startsWith(appArmorPrefix) && before[key] === undefined)
      yield forbiddenValue(`${field}[${key}]`, "may not add AppArmor annotations");
}

function* mirrorErrors(pod: Pod, old: Pod): FieldErrors {
  const now = pod.metadata.annotations?.[mirrorKey];
  const before = old.metadata.annotations?.[mirrorKey];
  const field = `metadata.annotations[${mirrorKey}]`;
  if (now === before) return;
  if (before === undefined) yield forbiddenValue(field, "may not add mirror pod annotation");
  else yield forbiddenValue(field, "may not remove or update mirror pod annotation");
}

function* deadlineErrors(spec: PodSpec, before: PodSpec): FieldErrors {
  const field = "spec.activeDeadlineSeconds";
  const { activeDeadlineSeconds: now } = spec;
  const { activeDeadlineSeconds: was } = before;
  if (now === undefined) {
    if (was !== undefined)
      yield invalidValue(field, null, "must not update from a positive integer to nil value");
    return;
  }
  const range = [...rangeErrors(field, now, 0, 2_147_483_647)];
  if (range.length > 0) yield* range;
  else if (was !== undefined && was < now)
    yield invalidValue(field, now, "must be less than or equal to previous value");
}

function* addedTolerationErrors(spec: PodSpec, before: PodSpec): FieldErrors {
  const now = spec.tolerations ?? [];
  const field = "spec.tolerations";
  const kept = (before.tolerations ?? []).every((old) => now.some((toleration) => isSame(toleration, old)));
  if (kept) yield* tolerationErrors(field, now);
  else yield forbiddenValue(field, "existing toleration can not be modified except its tolerationSeconds");
}

function isSame(toleration: Toleration, old: Toleration): boolean {
  const { tolerationSeconds: _now, ...rest } = toleration;
  const { tolerationSeconds: _old, ...oldRest } = old;
  return deepEqual(rest, oldRest);
}

function* gateErrors(spec: PodSpec, before: PodSpec): FieldErrors {
  const known = new Set((before.schedulingGates ?? []).map(({ name }) => name));
  for (const [index, { name }] of (spec.schedulingGates ?? []).entries())
    if (!known.has(name))
      yield forbiddenValue(
        `spec.schedulingGates[${index}].name`,
        `only deletion is allowed, but found new scheduling gate '${name}'`,
      );
}

/** What may change is made equal; then nothing else may differ. */
function* fixedFieldErrors(spec: PodSpec, before: PodSpec): FieldErrors {
  if (deepEqual(spec, before)) return;
  const munged = { ...spec } as Record<string, unknown> & PodSpec;
  for (const list of ["containers", "initContainers"] as const) {
    if (spec[list] === undefined) continue;
    munged[list] = spec[list].map((container, index) => withImage(container, before[list]?.[index]?.image));
  }
  copy(munged, before, ["activeDeadlineSeconds", "schedulingGates", "tolerations"]);
  if ((before.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1)
    copy(munged, before, ["terminationGracePeriodSeconds"]);
  let changed: PodSpec = munged;
  if ((before.schedulingGates ?? []).length > 0) {
    yield* gatedPodErrors(munged, before);
    changed = withNodesOf(munged, before);
  }
  if (!equalInGo("core.PodSpec", changed, before)) yield changedError(changed, before);
}

function withImage<T extends { image?: string }>(container: T, image: string | undefined): T {
  const { image: _, ...rest } = container;
  return (image === undefined ? rest : { ...rest, image }) as T;
}

function copy(to: Record<string, unknown>, from: PodSpec, fields: readonly (keyof PodSpec)[]): void {
  for (const field of fields) {
    if (from[field] === undefined) delete to[field];
    else to[field] = from[field];
  }
}

function changedError(spec: PodSpec, before: PodSpec): FieldError {
  return forbiddenValue(
    "spec",
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`," +
      "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
      "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n" +
      diffInGo("core.PodSpec", before, spec),
  );
}
