import type { V1StorageClass, V1TopologySelectorTerm } from "@kubernetes/client-node";
import { deepEqual } from "../../../deep-equal.ts";
import type { KubeObject, Unchecked } from "../../../object.ts";
import { deprecatedNodeLabels } from "../../core/node/deprecated-node-labels.ts";
import { duplicateValue, requiredValue, unsupportedValue, type FieldErrors } from "../../field-error.ts";
import { immutableFieldErrors } from "../../meta/immutable-field-errors.ts";
import { labelKeyErrors, shownLabels } from "../../meta/label-errors.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { parameterErrors, provisionerErrors } from "../parameter-errors.ts";

type Class = Unchecked<V1StorageClass>;
type Labels = Readonly<Record<string, string>>;

const policies = ["Delete", "Retain"];
const bindingModes = ["Immediate", "WaitForFirstConsumer"];

/** What is wrong with a new StorageClass. */
export function* storageClassErrors(object: KubeObject): FieldErrors {
  const { provisioner = "", parameters, reclaimPolicy = "Delete", allowedTopologies } = object as Class;
  const { volumeBindingMode = "Immediate" } = object as Class;
  yield* coreObjectMetaErrors(object);
  yield* provisionerErrors("provisioner", provisioner);
  yield* parameterErrors("parameters", parameters as Labels | undefined, { mayBeEmpty: true });
  if (reclaimPolicy !== "" && !policies.includes(reclaimPolicy))
    yield unsupportedValue("reclaimPolicy", reclaimPolicy, policies);
  if (!bindingModes.includes(volumeBindingMode))
    yield unsupportedValue("volumeBindingMode", volumeBindingMode, bindingModes);
  yield* topologyErrors("allowedTopologies", allowedTopologies ?? []);
}

/** What is wrong with a change of a StorageClass, of which most stays. */
export function* storageClassUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const now = object as Class;
  const before = old as Class;
  yield* storageClassErrors(object);
  yield* coreObjectMetaUpdateErrors(object, old);
  const shown = shownLabels(now.parameters as Labels | undefined);
  yield* immutableFieldErrors("parameters", now.parameters, before.parameters, shown);
  yield* immutableFieldErrors("provisioner", now.provisioner ?? "", before.provisioner);
  for (const field of ["reclaimPolicy", "volumeBindingMode"] as const)
    yield* immutableFieldErrors(field, now[field], before[field]);
}

/** What the API server warns of in a StorageClass, which it takes nevertheless. */
export function* storageClassWarnings(object: KubeObject): Generator<string> {
  for (const [index, { matchLabelExpressions = [] }] of (
    (object as Class).allowedTopologies ?? []
  ).entries()) {
    for (const [position, { key = "" }] of matchLabelExpressions.entries()) {
      const message = deprecatedNodeLabels[key];
      const at = `allowedTopologies[${index}].matchLabelExpressions[${position}].key`;
      if (message !== undefined) yield `${at}: ${message}`;
    }
  }
}

function* topologyErrors(field: string, terms: readonly Unchecked<V1TopologySelectorTerm>[]): FieldErrors {
  // Kubernetes begins its list with as many empty terms as there are, so that an empty one is always there already.
  const seen: Record<string, string[]>[] = terms.map(() => ({}));
  for (const [index, { matchLabelExpressions = [] }] of terms.entries()) {
    const at = `${field}[${index}].matchLabelExpressions`;
    const values: Record<string, string[]> = {};
    for (const [position, expression] of matchLabelExpressions.entries()) {
      const { key = "", values: own = [] } = expression;
      const place = `${at}[${position}]`;
      if (own.length === 0) yield requiredValue(`${place}.values`);
      for (const [item, value] of own.entries())
        if (own.indexOf(value) < item) yield duplicateValue(`${place}.values[${item}]`, value);
      yield* labelKeyErrors(`${place}.key`, key);
      if (values[key] !== undefined) yield duplicateValue(`${place}.key`, key);
      values[key] = [...new Set(own)].toSorted();
    }
    for (const other of seen) if (deepEqual(values, other)) yield duplicateValue(at, "");
    seen.push(values);
  }
}
