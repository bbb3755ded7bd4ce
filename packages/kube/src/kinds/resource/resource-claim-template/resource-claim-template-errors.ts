import type { V1ResourceClaimTemplate } from "@kubernetes/client-node";
import { inGo } from "../../../go/in-go.ts";
import type { KubeObject, TemplateMeta, Unchecked } from "../../../object.ts";
import type { FieldErrors } from "../../field-error.ts";
import { immutableFieldErrors } from "../../meta/immutable-field-errors.ts";
import {
  coreObjectMetaErrors,
  coreObjectMetaUpdateErrors,
  templateMetaErrors,
} from "../../meta/object-meta-errors.ts";
import { deviceClaimErrors } from "../device-claim-errors.ts";

/** What is wrong with a new ResourceClaimTemplate. */
export function* resourceClaimTemplateErrors(object: KubeObject): FieldErrors {
  const { spec = {} } = object as Unchecked<V1ResourceClaimTemplate>;
  yield* coreObjectMetaErrors(object);
  yield* templateMetaErrors("spec.metadata", spec.metadata as TemplateMeta | undefined);
  yield* deviceClaimErrors("spec.spec.devices", spec.spec?.devices ?? {});
}

/** What is wrong with a change of a ResourceClaimTemplate: its spec stays. */
export function* resourceClaimTemplateUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* resourceClaimTemplateErrors(object);
  yield* coreObjectMetaUpdateErrors(object, old);
  const shown = inGo("resource.ResourceClaimTemplateSpec", object["spec"]);
  yield* immutableFieldErrors("spec", object["spec"], old["spec"], shown);
}
