import type { PodSpec, PodTemplateSpec } from "../../../object.ts";
import { forbiddenValue, unsupportedValue, type FieldErrors } from "../../field-error.ts";
import { labelErrors } from "../../meta/label-errors.ts";
import { annotationErrors } from "../../meta/object-meta-errors.ts";
import { podAnnotationErrors } from "./pod-errors.ts";
import { appArmorMatchErrors } from "./validation/profile-annotation-errors.ts";
import { podSpecErrors } from "./validation/pod-spec-errors.ts";

/** A template of which nothing has been checked. */
export type UncheckedTemplate = Partial<PodTemplateSpec> | undefined;

/** What is wrong with the template of pods, whoever makes them (ValidatePodTemplateSpec). */
export function* podTemplateErrors(field: string, template: UncheckedTemplate): FieldErrors {
  const spec = template?.spec ?? ({} as PodSpec);
  yield* labelErrors(`${field}.labels`, template?.metadata?.labels);
  yield* annotationErrors(`${field}.annotations`, template?.metadata?.annotations);
  yield* podAnnotationErrors(`${field}.annotations`, template?.metadata, spec);
  yield* podSpecErrors(`${field}.spec`, spec);
  yield* appArmorMatchErrors(`${field}.spec`, template?.metadata, spec);
  if ((spec.ephemeralContainers ?? []).length > 0)
    yield forbiddenValue(
      `${field}.spec.ephemeralContainers`,
      "ephemeral containers not allowed in pod template",
    );
}

/** What else is wrong with it where pods are to run for ever: they are always started again, and have no deadline. */
export function* lastingPodErrors(field: string, template: UncheckedTemplate, kind: string): FieldErrors {
  const { restartPolicy = "Always", activeDeadlineSeconds } = template?.spec ?? ({} as PodSpec);
  if (restartPolicy !== "Always")
    yield unsupportedValue(`${field}.spec.restartPolicy`, restartPolicy, ["Always"]);
  if (activeDeadlineSeconds !== undefined)
    yield forbiddenValue(
      `${field}.spec.activeDeadlineSeconds`,
      `activeDeadlineSeconds in ${kind} is not Supported`,
    );
}
