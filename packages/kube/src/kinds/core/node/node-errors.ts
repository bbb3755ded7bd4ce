import type { KubeObject, Node } from "../../../object.ts";
import {
  duplicateValue,
  forbiddenValue,
  internalError,
  invalidValue,
  type FieldErrors,
} from "../../field-error.ts";
import { cidrErrors, parseCidr } from "../../meta/ip-address.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { resourceValueErrors } from "../pod/validation/resource-errors.ts";
import { taintErrors } from "../pod/validation/scheduling-errors.ts";

/** What is wrong with a new node. */
export function* nodeErrors(object: KubeObject): FieldErrors {
  const { spec, status } = object as Node;
  yield* coreObjectMetaErrors(object);
  yield* taintErrors("metadata.taints", spec?.taints);
  yield* resourceErrors(status);
  yield* rangeErrors(spec?.podCIDRs ?? []);
}

/** What is wrong with a change of a node. */
export function* nodeUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const { spec, status } = object as Node;
  const { spec: before } = old as Node;
  yield* nodeErrors(object);
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* resourceErrors(status);
  const seen = new Set<string>();
  for (const [index, { type, address }] of (status?.addresses ?? []).entries()) {
    if (seen.has(`${type} ${address}`))
      yield duplicateValue(`status.addresses[${index}]`, { Type: type, Address: address });
    seen.add(`${type} ${address}`);
  }
  const [ranges, fixed] = [spec?.podCIDRs ?? [], before?.podCIDRs ?? []];
  if (fixed.length > 0 && ranges.join() !== fixed.join())
    yield forbiddenValue("spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid');
  const { providerID = "" } = before ?? {};
  if (providerID !== "" && providerID !== (spec?.providerID ?? ""))
    yield forbiddenValue("spec.providerID", 'node updates may not change providerID except from "" to valid');
  yield* taintErrors("metadata.taints", spec?.taints);
}

function* rangeErrors(ranges: readonly string[]): FieldErrors {
  const field = "spec.podCIDRs";
  const errors = ranges.flatMap((range, index) => [...cidrErrors(`${field}[${index}]`, range)]);
  yield* errors;
  const bad = ranges.findIndex((range) => parseCidr(range) === undefined);
  if (ranges.length > 1 && bad >= 0)
    yield internalError(
      field,
      `invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[${bad}]: <nil> (invalid CIDR address: ${ranges[bad]})`,
    );
  const families = new Set(ranges.map((range) => range.includes(":")));
  if (ranges.length > 1 && (bad >= 0 || families.size < 2 || ranges.length > 2))
    yield invalidValue(field, ranges, "may specify no more than one CIDR for each IP family");
}

function* resourceErrors(status: Node["status"]): FieldErrors {
  for (const list of ["capacity", "allocatable"] as const)
    for (const [name, value] of Object.entries(status?.[list] ?? {}))
      yield* resourceValueErrors(`status.${list}.${name}`, name, value);
}
