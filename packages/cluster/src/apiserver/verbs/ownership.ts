import {
  builtInMergeType,
  fieldElement,
  FieldSet,
  openApiMergeType,
  timestamp,
  trackUpdate,
  type KubeObject,
  type ManagedFieldsEntry,
  type OwnershipRules,
} from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import type { Resource } from "../resource.ts";

/** The rules by which fields of a resource are owned, at the object itself (`""`) or at a subresource. */
export function ownershipOf(resource: Resource, subresource: string): OwnershipRules {
  const rules = known.get(resource) ?? new Map<string, OwnershipRules>();
  known.set(resource, rules);
  let found = rules.get(subresource);
  if (found === undefined) rules.set(subresource, (found = makeRules(resource, subresource)));
  return found;
}

const known = new WeakMap<Resource, Map<string, OwnershipRules>>();

function makeRules(resource: Resource, subresource: string): OwnershipRules {
  const { apiVersion, kind, convert } = resource.type;
  const paths = subresource === "status" ? statusResetFields(resource) : ["status"];
  return {
    apiVersion,
    kind,
    subresource,
    ...(convert === undefined ? {} : { convert }),
    resetFields:
      resource.status === "none"
        ? FieldSet.empty
        : FieldSet.of(paths.map((path) => path.split(".").map(fieldElement))),
    typeOf(version) {
      const type = resource.typeIn(version);
      if (type === undefined) return undefined;
      return builtInMergeType(version, kind) ?? openApiMergeType(type.openAPIV3Schema);
    },
  };
}

function statusResetFields({ statusResetFields: fields, statusKeepsMetadata }: Resource): readonly string[] {
  return fields ?? (statusKeepsMetadata === true ? ["metadata", "spec"] : ["spec"]);
}

/** A write that is no apply. */
export interface TrackedWrite {
  readonly live: KubeObject | undefined;
  readonly next: KubeObject;
  readonly manager: string;
}

/** Who owns what after a write that is no apply. */
export function trackWrite(
  { clock }: ApiContext,
  rules: OwnershipRules,
  write: TrackedWrite,
): ManagedFieldsEntry[] | undefined {
  return trackUpdate(rules, { ...write, now: timestamp(clock.now()) });
}

/** Puts managedFields into an object, or takes them out of it. */
export function setManagedFields(object: KubeObject, managedFields: ManagedFieldsEntry[] | undefined): void {
  if (managedFields === undefined) delete object.metadata.managedFields;
  else object.metadata.managedFields = managedFields;
}
