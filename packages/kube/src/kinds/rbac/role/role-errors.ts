import type { V1Role } from "@kubernetes/client-node";
import type { KubeObject, Unchecked } from "../../../object.ts";
import type { FieldErrors } from "../../field-error.ts";
import { pathSegmentName } from "../../meta/names.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { policyRulesErrors } from "../policy-rule-errors.ts";

/** What is wrong with a new Role. */
export function* roleErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object, pathSegmentName);
  yield* policyRulesErrors((object as Unchecked<V1Role>).rules, true);
}

/** What is wrong with a change of a Role. */
export function* roleUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* roleErrors(object);
  yield* coreObjectMetaUpdateErrors(object, old);
}
