import type { KubeObject } from "../object.ts";
import type { FieldError } from "./field-error.ts";
import { rulesOf } from "./kind-rules.ts";
import type { Kind } from "./kind.ts";
import { pathSegmentName } from "./meta/names.ts";
import { commonUpdateErrors, objectMetaErrors, objectMetaUpdateErrors } from "./meta/object-meta-errors.ts";

/**
 * What the API server of Kubernetes v1.36 would refuse in a new object whose defaults are filled in, in its words.
 * Unknown fields and wrong types are not its business: `validateObject` finds those. Of kinds without rules of their own
 * the metadata is checked.
 */
export function validateCreate(object: KubeObject, kind: Kind): FieldError[] {
  const errors = [...(rulesOf(kind).createErrors?.(object) ?? objectMetaErrors(object))];
  // The registry looks at the metadata after the kind's own rules, of which those for events leave it out.
  return errors.length > 0 ? errors : [...objectMetaErrors(object, pathSegmentName)];
}

/** What it would refuse in an object that takes the place of an older one. */
export function validateUpdate(object: KubeObject, old: KubeObject, kind: Kind): FieldError[] {
  const own = rulesOf(kind).updateErrors?.(object, old) ?? objectMetaUpdateErrors(object, old);
  return [...commonUpdateErrors(object, old), ...own];
}

/** What it would refuse in a change of an object's status. Of most kinds it is not looked at what the status says: the agents write it. */
export function validateStatusUpdate(object: KubeObject, old: KubeObject, kind: Kind): FieldError[] {
  return [...commonUpdateErrors(object, old), ...(rulesOf(kind).statusErrors?.(object, old) ?? [])];
}
