import type { ManagedFieldsEntry } from "../object.ts";
import { FieldSet } from "./field-set/field-set.ts";
import { fieldElement, type Path } from "./field-set/path-element.ts";
import type { FieldOwner } from "./field-owner.ts";
import { decodeOwners, encodeOwners } from "./field-owners.ts";

/** The version of the Scale that `/scale` gives. */
const scaleVersion = "autoscaling/v1";

const replicasInScale = FieldSet.of([[fieldElement("spec"), fieldElement("replicas")]]);

/**
 * The managedFields of an object's Scale: who owns the object's replicas owns the Scale's. `replicasPath` says where the
 * versions of the kind have them; managers of other versions are left out.
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/util/managedfields/scalehandler.go
 */
export function toScaleOwners(
  entries: readonly ManagedFieldsEntry[] | undefined,
  replicasPath: (apiVersion: string) => Path | undefined,
): ManagedFieldsEntry[] | undefined {
  const managers: FieldOwner[] = [];
  for (const manager of decodeOwners(entries).values()) {
    const path = replicasPath(manager.apiVersion);
    if (path === undefined || !manager.fields.has(path)) continue;
    managers.push(manager.with({ apiVersion: scaleVersion, fields: replicasInScale, fits: undefined }));
  }
  return encodeOwners(managers);
}

/** The managedFields of the object after a write to its Scale. A manager that is new to the object has no time. */
export function fromScaleOwners(
  entries: readonly ManagedFieldsEntry[] | undefined,
  scaleEntries: readonly ManagedFieldsEntry[] | undefined,
  replicasPath: (apiVersion: string) => Path | undefined,
  apiVersion: string,
): ManagedFieldsEntry[] | undefined {
  const managers: FieldOwner[] = [];
  const before = decodeOwners(entries);
  const ofScale = new Map(decodeOwners(scaleEntries));
  for (const [id, manager] of before) {
    const path = replicasPath(manager.apiVersion);
    if (path === undefined) continue;
    if (!manager.fields.has(path) || ofScale.delete(id)) {
      managers.push(manager);
      continue;
    }
    const fields = manager.fields.difference(FieldSet.of([path]));
    if (!fields.isEmpty) managers.push(manager.with({ fields }));
  }
  const path = replicasPath(apiVersion);
  for (const [id, manager] of ofScale) {
    if (path === undefined || !manager.fields.has([fieldElement("spec"), fieldElement("replicas")])) continue;
    const time = before.get(id)?.time;
    managers.push(manager.with({ apiVersion, time, fields: FieldSet.of([path]), fits: undefined }));
  }
  return encodeOwners(managers);
}
