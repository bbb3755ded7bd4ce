import { addQuantities, compareQuantity, subtractQuantities } from "../quantity/quantity.ts";

/** Quantities by the name of the resource, as `spec.hard` of a ResourceQuota has them. */
export type ResourceList = Readonly<Record<string, string>>;

/**
 * Two lists added up, name by name.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/quota/v1/resources.go
 */
export function addResources(left: ResourceList, right: ResourceList): ResourceList {
  const sum: Record<string, string> = { ...left };
  for (const [name, quantity] of Object.entries(right)) {
    const before = sum[name];
    sum[name] = before === undefined ? quantity : addQuantities(before, quantity);
  }
  return sum;
}

/** What one list has above another; names of which nothing is left are left out. */
export function risenResources(after: ResourceList, before: ResourceList): ResourceList {
  const rise: Record<string, string> = {};
  for (const [name, quantity] of Object.entries(after)) {
    const difference = subtractQuantities(quantity, before[name] ?? "0");
    if (compareQuantity(difference, "0") > 0) rise[name] = difference;
  }
  return rise;
}

/** The part of a list whose names are in another one. */
export function maskResources(list: ResourceList, names: ResourceList): ResourceList {
  return Object.fromEntries(Object.entries(list).filter(([name]) => names[name] !== undefined));
}

/** Whether two lists say the same, however it is written. */
export function sameResources(left: ResourceList, right: ResourceList): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => {
      const [one, other] = [left[name], right[name]];
      return one !== undefined && other !== undefined && compareQuantity(one, other) === 0;
    })
  );
}
