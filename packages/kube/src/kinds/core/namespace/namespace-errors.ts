import type { KubeObject, Namespace } from "../../../object.ts";
import { invalidBecause, type FieldErrors } from "../../field-error.ts";
import { dns1123Label, qualifiedName } from "../../meta/names.ts";
import {
  coreObjectMetaErrors,
  coreObjectMetaUpdateErrors,
  shortFinalizerError,
} from "../../meta/object-meta-errors.ts";

/** What is wrong with a new namespace. */
export function* namespaceErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object, dns1123Label);
  for (const finalizer of (object as Namespace).spec?.finalizers ?? []) {
    yield* invalidBecause("spec.finalizers", finalizer, qualifiedName(finalizer));
    yield* shortFinalizerError("spec.finalizers", finalizer);
  }
}

/** What is wrong with a change of a namespace. */
export function* namespaceUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* namespaceErrors(object);
  yield* coreObjectMetaUpdateErrors(object, old);
}
