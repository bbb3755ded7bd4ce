import type { JsonObject } from "../patch/json-value.ts";
import { FieldSet } from "./field-set/field-set.ts";
import { fieldElement } from "./field-set/path-element.ts";
import type { MergeType } from "./typed/merge-type.ts";

/** What the rules of ownership have to know of a kind, as one request sees it. */
export interface OwnershipRules {
  /** The version in which the request is made. */
  readonly apiVersion: string;
  readonly kind: string;
  /** The subresource that is written; empty for the object itself. */
  readonly subresource: string;
  /** The fields that a write to this place cannot change, whatever it says of them, and so does not own. */
  readonly resetFields: FieldSet;
  /** How objects of a version merge; undefined for a version that is not served any more. */
  typeOf(apiVersion: string): MergeType | undefined;
  /** An object in another version of its kind. When absent, versions differ in their `apiVersion` only. */
  convert?(object: JsonObject, apiVersion: string): JsonObject;
}

/** The same object in a version. */
export function inVersion(rules: OwnershipRules, object: JsonObject, apiVersion: string): JsonObject {
  if (object["apiVersion"] === apiVersion) return object;
  return rules.convert?.(object, apiVersion) ?? { ...object, apiVersion };
}

/** What is nobody's: it tells which object it is, or the server alone writes it. */
const stripped = FieldSet.of(
  [
    "apiVersion",
    "kind",
    "metadata",
    "metadata.name",
    "metadata.namespace",
    "metadata.creationTimestamp",
    "metadata.selfLink",
    "metadata.uid",
    "metadata.clusterName",
    "metadata.generation",
    "metadata.managedFields",
    "metadata.resourceVersion",
  ].map((path) => path.split(".").map(fieldElement)),
);

/** A set without what is nobody's. */
export function withoutSystemFields(fields: FieldSet): FieldSet {
  let rest = withoutStripped.get(fields);
  if (rest === undefined) withoutStripped.set(fields, (rest = fields.difference(stripped)));
  return rest;
}

/** Objects that are alike have one set. */
const withoutStripped = new WeakMap<FieldSet, FieldSet>();

/** An object without its own managedFields, which nobody owns. */
export function withoutManagedFields<T extends JsonObject>(object: T): T {
  const metadata = object["metadata"] as { managedFields?: unknown } | undefined;
  if (metadata?.managedFields === undefined) return object;
  const { managedFields: _managedFields, ...rest } = metadata;
  return { ...object, metadata: rest };
}
