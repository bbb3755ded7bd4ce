import type { V1CSINode, V1CSINodeDriver } from "@kubernetes/client-node";
import { inGo } from "../../../go/in-go.ts";
import type { KubeObject, Unchecked } from "../../../object.ts";
import { driverNameErrors } from "../../core/persistent-volume/volume-source-errors.ts";
import {
  duplicateValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  type FieldErrors,
} from "../../field-error.ts";
import { immutableFieldErrors } from "../../meta/immutable-field-errors.ts";
import { byteLength, qualifiedName } from "../../meta/names.ts";
import { nonNegativeErrors } from "../../meta/number-errors.ts";
import { coreObjectMetaErrors } from "../../meta/object-meta-errors.ts";

type Driver = Unchecked<V1CSINodeDriver>;

const longestNodeId = 256;

/** What is wrong with a new CSINode. */
export function* csiNodeErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  const names = new Set<string>();
  for (const [index, driver] of driversOf(object).entries()) {
    const { name = "" } = driver;
    yield* driverErrors(`spec.drivers[${index}]`, driver, names.has(name));
    names.add(name);
  }
}

/** What is wrong with a change of a CSINode: a driver that is there keeps all but its count. */
export function* csiNodeUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* csiNodeErrors(object);
  for (const before of driversOf(old)) {
    for (const driver of driversOf(object)) {
      if (driver.name !== before.name) continue;
      const [{ allocatable: _now, ...fixed }, { allocatable: _before, ...fixedBefore }] = [driver, before];
      const shown = inGo("storage.CSINodeDriver", fixed);
      yield* immutableFieldErrors("spec.drivers", fixed, fixedBefore, shown);
    }
  }
}

function driversOf(object: KubeObject): readonly Driver[] {
  return (object as Unchecked<V1CSINode>).spec?.drivers ?? [];
}

function* driverErrors(field: string, driver: Driver, isRepeated: boolean): FieldErrors {
  const { name = "", nodeID = "", topologyKeys = [], allocatable } = driver;
  yield* driverNameErrors(`${field}.name`, name);
  if (nodeID === "") yield requiredValue(`${field}.nodeID`);
  if (byteLength(nodeID) > longestNodeId)
    yield invalidValue(`${field}.nodeID`, nodeID, `must be ${longestNodeId} characters or less`);
  yield* nonNegativeErrors(`${field}.allocatable.count`, allocatable?.count);
  if (isRepeated) yield duplicateValue(`${field}.name`, name);
  for (const [index, key] of topologyKeys.entries()) {
    if (key === "") yield requiredValue(field);
    if (topologyKeys.indexOf(key) < index) yield duplicateValue(field, key);
    yield* invalidBecause(field, key, qualifiedName(key));
  }
}
