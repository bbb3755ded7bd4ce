import type { V1PodTemplate } from "@kubernetes/client-node";
import type { KubeObject, PodTemplateSpec, Unchecked } from "../../../object.ts";
import type { FieldErrors } from "../../field-error.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { podTemplateErrors } from "../pod/pod-template-errors.ts";

/** What is wrong with a new PodTemplate. */
export function* podTemplateObjectErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  yield* podTemplateErrors("template", templateOf(object));
}

/** What is wrong with a change of a PodTemplate. */
export function* podTemplateObjectUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* podTemplateErrors("template", templateOf(object));
}

function templateOf(object: KubeObject): PodTemplateSpec | undefined {
  return (object as Unchecked<V1PodTemplate>).template as PodTemplateSpec | undefined;
}
