import type { V1DeviceClass } from "@kubernetes/client-node";
import type { KubeObject, Unchecked } from "../../../object.ts";
import { isExtended } from "../../core/pod/validation/resource-errors.ts";
import { invalidValue, tooManyValues, type FieldErrors } from "../../field-error.ts";
import { longName } from "../../meta/names.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { deviceConfigurationErrors, deviceSelectorErrors } from "../device-errors.ts";

const mostConfigurations = 32;

/** What is wrong with a new DeviceClass. */
export function* deviceClassErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object, longName);
  yield* specErrors((object as Unchecked<V1DeviceClass>).spec ?? {});
}

/** What is wrong with a change of a DeviceClass. */
export function* deviceClassUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object, longName);
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* specErrors((object as Unchecked<V1DeviceClass>).spec ?? {});
}

function* specErrors(spec: NonNullable<Unchecked<V1DeviceClass>["spec"]>): FieldErrors {
  const { selectors, config = [], extendedResourceName } = spec;
  yield* deviceSelectorErrors("spec.selectors", selectors);
  if (config.length > mostConfigurations)
    yield tooManyValues("spec.config", config.length, mostConfigurations);
  else
    for (const [index, one] of config.entries())
      yield* deviceConfigurationErrors(`spec.config[${index}]`, one);
  if (extendedResourceName !== undefined && !isExtended(extendedResourceName))
    yield invalidValue(
      "spec.extendedResourceName",
      extendedResourceName,
      "must be a valid extended resource name",
    );
}
