import type { V1ServiceCIDR } from "@kubernetes/client-node";
import type { KubeObject, Unchecked } from "../../../object.ts";
import { invalidValue, requiredValue, type FieldErrors } from "../../field-error.ts";
import { canonicalCidrErrors, parseCidr } from "../../meta/ip-address.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";

/** What is wrong with a new ServiceCIDR. */
export function* serviceCidrErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  yield* rangeErrors(rangesOf(object));
}

/** What is wrong with a change of one: its ranges stay, and one of another family may come. */
export function* serviceCidrUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const [ranges, before] = [rangesOf(object), rangesOf(old)];
  yield* coreObjectMetaUpdateErrors(object, old);
  const isMore = before.length === 1 && ranges.length === 2;
  if (ranges.length !== before.length && !isMore)
    return yield invalidValue(
      "spec.cidrs",
      (object as Unchecked<V1ServiceCIDR>).spec?.cidrs ?? null,
      "field is immutable",
    );
  for (const [index, range] of before.entries())
    if (ranges[index] !== range)
      yield invalidValue(`spec.cidrs[${index}]`, ranges[index], "field is immutable");
  if (isMore) yield* rangeErrors(ranges);
}

function rangesOf(object: KubeObject): readonly string[] {
  return (object as Unchecked<V1ServiceCIDR>).spec?.cidrs ?? [];
}

function* rangeErrors(ranges: readonly string[]): FieldErrors {
  const field = "spec.cidrs";
  if (ranges.length === 0) return yield requiredValue(field, "at least one CIDR required");
  if (ranges.length > 2) return yield invalidValue(field, { CIDRs: ranges }, "may only hold up to 2 values");
  for (const [index, range] of ranges.entries()) yield* canonicalCidrErrors(`${field}[${index}]`, range);
  const families = ranges.map((range) => parseCidr(range)?.bits);
  if (families.length === 2 && families[0] !== undefined && families[0] === families[1])
    yield invalidValue(
      field,
      ranges,
      "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64",
    );
}
