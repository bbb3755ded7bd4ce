import type { KubeObject } from "../../../object.ts";
import type { FieldErrors } from "../../field-error.ts";
import { bindingErrors, bindingUpdateErrors } from "../binding-errors.ts";

/** What is wrong with a new RoleBinding. */
export function roleBindingErrors(object: KubeObject): FieldErrors {
  return bindingErrors(object, { roleKinds: ["Role", "ClusterRole"], isNamespaced: true });
}

/** What is wrong with a change of a RoleBinding. */
export function* roleBindingUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* roleBindingErrors(object);
  yield* bindingUpdateErrors(object, old);
}
