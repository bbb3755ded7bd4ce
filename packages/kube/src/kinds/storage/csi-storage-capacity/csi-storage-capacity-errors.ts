import type { V1CSIStorageCapacity } from "@kubernetes/client-node";
import { semanticEqual } from "../../../deep-equal.ts";
import type { KubeObject, LabelSelector, Unchecked } from "../../../object.ts";
import { canonicalQuantity, compareQuantity } from "../../../quantity/quantity.ts";
import { deprecatedNodeLabels } from "../../core/node/deprecated-node-labels.ts";
import { invalidBecause, invalidValue, type FieldErrors } from "../../field-error.ts";
import { labelSelectorErrors, shownSelector } from "../../meta/label-errors.ts";
import { dns1123Subdomain } from "../../meta/names.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";

type Capacity = Unchecked<V1CSIStorageCapacity>;

/** What is wrong with a new CSIStorageCapacity. */
export function* csiStorageCapacityErrors(object: KubeObject): FieldErrors {
  const { storageClassName = "", capacity } = object as Capacity;
  yield* coreObjectMetaErrors(object);
  yield* labelSelectorErrors("nodeTopology", topologyOf(object));
  yield* invalidBecause("storageClassName", storageClassName, dns1123Subdomain(storageClassName));
  if (capacity !== undefined && compareQuantity(capacity, 0) < 0)
    yield invalidValue("capacity", canonicalQuantity(capacity), "must be greater than or equal to 0");
}

/** What is wrong with a change of one: for what it counts stays. */
export function* csiStorageCapacityUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const { storageClassName = "" } = object as Capacity;
  yield* csiStorageCapacityErrors(object);
  yield* coreObjectMetaUpdateErrors(object, old);
  if (!semanticEqual(topologyOf(object), topologyOf(old)))
    yield invalidValue("nodeTopology", shownSelector(topologyOf(object)), "field is immutable");
  if (storageClassName !== ((old as Capacity).storageClassName ?? ""))
    yield invalidValue("storageClassName", storageClassName, "field is immutable");
}

/** What the API server warns of in one, which it takes nevertheless. */
export function* csiStorageCapacityWarnings(object: KubeObject): Generator<string> {
  const { matchExpressions = [], matchLabels = {} } = topologyOf(object) ?? {};
  for (const [index, { key }] of matchExpressions.entries()) {
    const message = deprecatedNodeLabels[key];
    if (message !== undefined) yield `nodeTopology.matchExpressions[${index}].key: ${key} is ${message}`;
  }
  for (const key of Object.keys(matchLabels)) {
    const message = deprecatedNodeLabels[key];
    if (message !== undefined) yield `nodeTopology.matchLabels.${key}: ${message}`;
  }
}

function topologyOf(object: KubeObject): LabelSelector | undefined {
  return (object as Capacity).nodeTopology as LabelSelector | undefined;
}
