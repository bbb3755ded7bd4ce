import type { RbacV1Subject, V1RoleBinding } from "@kubernetes/client-node";
import { inGo } from "../../go/in-go.ts";
import { deepEqual } from "../../deep-equal.ts";
import type { KubeObject, Unchecked } from "../../object.ts";
import {
  invalidBecause,
  invalidValue,
  requiredValue,
  unsupportedText,
  type FieldErrors,
} from "../field-error.ts";
import { dns1123Subdomain, pathSegmentName } from "../meta/names.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../meta/object-meta-errors.ts";

const group = "rbac.authorization.k8s.io";

/** What is wrong with a binding: its role is of one of some kinds, and its subjects are accounts, users and groups. */
export function* bindingErrors(
  object: KubeObject,
  { roleKinds, isNamespaced }: { readonly roleKinds: readonly string[]; readonly isNamespaced: boolean },
): FieldErrors {
  const { roleRef = {}, subjects = [] } = object as Unchecked<V1RoleBinding>;
  const { apiGroup = "", kind = "", name = "" } = roleRef;
  yield* coreObjectMetaErrors(object, pathSegmentName);
  if (apiGroup !== group) yield unsupportedText("roleRef.apiGroup", apiGroup, [group]);
  if (!roleKinds.includes(kind)) yield unsupportedText("roleRef.kind", kind, roleKinds);
  if (name === "") yield requiredValue("roleRef.name");
  else yield* invalidBecause("roleRef.name", name, pathSegmentName(name));
  for (const [index, subject] of subjects.entries())
    yield* subjectErrors(`subjects[${index}]`, subject, isNamespaced);
}

/** What is wrong with a change of a binding: it keeps its role. */
export function* bindingUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const { roleRef } = object as Unchecked<V1RoleBinding>;
  yield* coreObjectMetaUpdateErrors(object, old);
  if (!deepEqual(roleRef, (old as Unchecked<V1RoleBinding>).roleRef))
    yield invalidValue("roleRef", inGo("rbac.RoleRef", roleRef), "cannot change roleRef");
}

function* subjectErrors(
  field: string,
  { kind = "", name = "", namespace = "", apiGroup = "" }: Unchecked<RbacV1Subject>,
  isNamespaced: boolean,
): FieldErrors {
  if (name === "") yield requiredValue(`${field}.name`);
  if (kind === "ServiceAccount") {
    if (name !== "") yield* invalidBecause(`${field}.name`, name, dns1123Subdomain(name));
    if (apiGroup !== "") yield unsupportedText(`${field}.apiGroup`, apiGroup, [""]);
    if (!isNamespaced && namespace === "") yield requiredValue(`${field}.namespace`);
  } else if (kind === "User" || kind === "Group") {
    if (apiGroup !== group) yield unsupportedText(`${field}.apiGroup`, apiGroup, [group]);
  } else {
    yield unsupportedText(`${field}.kind`, kind, ["ServiceAccount", "User", "Group"]);
  }
}
