import type { KubeObject } from "../../../object.ts";
import type { FieldErrors } from "../../field-error.ts";
import { bindingErrors, bindingUpdateErrors } from "../binding-errors.ts";

/** What is wrong with a new ClusterRoleBinding. */
export function clusterRoleBindingErrors(object: KubeObject): FieldErrors {
  return bindingErrors(object, { roleKinds: ["ClusterRole"], isNamespaced: false });
}

/** What is wrong with a change of a ClusterRoleBinding. */
export function* clusterRoleBindingUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* clusterRoleBindingErrors(object);
  yield* bindingUpdateErrors(object, old);
}
