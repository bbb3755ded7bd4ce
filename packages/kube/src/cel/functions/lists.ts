import type { Environment } from "@marcbachmann/cel-js";

/** Kubernetes' list library, and the sets library. */
export function registerLists(environment: Environment): void {
  class Sets {
    readonly name = "sets";
  }
  environment
    .registerFunction("list.isSorted(): bool", (list: readonly unknown[]) =>
      list.every((item, index) => index === 0 || compare(list[index - 1], item) <= 0),
    )
    .registerFunction("list.sum(): dyn", (list: readonly unknown[]) => sum(list))
    .registerFunction("list.min(): dyn", (list: readonly unknown[]) => extreme(list, "min", -1))
    .registerFunction("list.max(): dyn", (list: readonly unknown[]) => extreme(list, "max", 1))
    .registerFunction("list.indexOf(dyn): int", (list: readonly unknown[], wanted: unknown) =>
      BigInt(list.findIndex((item) => same(item, wanted))),
    )
    .registerFunction("list.lastIndexOf(dyn): int", (list: readonly unknown[], wanted: unknown) =>
      BigInt(list.findLastIndex((item) => same(item, wanted))),
    )
    .registerFunction("list.distinct(): list", (list: readonly unknown[]) =>
      list.filter((item, index) => list.findIndex((other) => same(item, other)) === index),
    )
    .registerFunction("list.sort(): list", (list: readonly unknown[]) => list.toSorted(compare))
    .registerFunction("list.reverse(): list", (list: readonly unknown[]) => list.toReversed())
    .registerFunction("list.flatten(): list", (list: readonly unknown[]) => list.flat())
    .registerFunction("list.slice(int, int): list", (list: readonly unknown[], from: bigint, to: bigint) =>
      list.slice(Number(from), Number(to)),
    )
    .registerType("Sets", { ctor: Sets, fields: {} })
    .registerConstant("sets", "Sets", new Sets())
    .registerFunction(
      "Sets.contains(list, list): bool",
      (_sets: Sets, list: readonly unknown[], part: readonly unknown[]) => includesAll(list, part),
    )
    .registerFunction(
      "Sets.equivalent(list, list): bool",
      (_sets: Sets, left: readonly unknown[], right: readonly unknown[]) =>
        includesAll(left, right) && includesAll(right, left),
    )
    .registerFunction(
      "Sets.intersects(list, list): bool",
      (_sets: Sets, left: readonly unknown[], right: readonly unknown[]) =>
        left.some((item) => right.some((other) => same(item, other))),
    );
}

function includesAll(list: readonly unknown[], part: readonly unknown[]): boolean {
  return part.every((item) => list.some((other) => same(item, other)));
}

/** Orders values of one type; times and durations know how by their `valueOf`. */
function compare(left: unknown, right: unknown): number {
  const [a, b] = [left as number, right as number];
  return a < b ? -1 : a > b ? 1 : 0;
}

function extreme(list: readonly unknown[], name: string, sign: -1 | 1): unknown {
  if (list.length === 0) throw new TypeError(`${name} called on empty list`);
  return list.reduce((best, item) => (Math.sign(compare(item, best)) === sign ? item : best));
}

function sum(list: readonly unknown[]): unknown {
  return list.length === 0 ? 0n : list.reduce((total, item) => (total as number) + (item as number));
}

function same(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => same(item, right[index]));
  if (left instanceof Map && right instanceof Map)
    return left.size === right.size && [...left].every(([key, value]) => same(value, right.get(key)));
  // Numbers of different types are equal where their values are.
  return isNumeric(left) && isNumeric(right) && Number(left) === Number(right);
}

function isNumeric(value: unknown): boolean {
  return typeof value === "number" || typeof value === "bigint";
}
