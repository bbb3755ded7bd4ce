import type { Environment } from "@marcbachmann/cel-js";
import { isQuantity, parseQuantity } from "../../quantity/quantity.ts";

/** How many billionths one has: quantities are counted in them. */
const one = 1_000_000_000n;

/** Kubernetes' quantity library. */
export function registerQuantities(environment: Environment): void {
  class Quantity {
    readonly nanos: bigint;
    constructor(nanos: bigint) {
      this.nanos = nanos;
    }
    valueOf(): bigint {
      return this.nanos;
    }
  }
  environment
    .registerType("Quantity", { ctor: Quantity, fields: {} })
    .registerFunction("quantity(string): Quantity", (text: string) => {
      if (!isQuantity(text))
        throw new TypeError(
          "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        );
      return new Quantity(parseQuantity(text));
    })
    .registerFunction("isQuantity(string): bool", (text: string) => isQuantity(text))
    .registerFunction("Quantity.sign(): int", ({ nanos }: Quantity) =>
      nanos > 0n ? 1n : nanos < 0n ? -1n : 0n,
    )
    .registerFunction("Quantity.isInteger(): bool", ({ nanos }: Quantity) => nanos % one === 0n)
    .registerFunction("Quantity.asInteger(): int", ({ nanos }: Quantity) => nanos / one)
    .registerFunction(
      "Quantity.asApproximateFloat(): double",
      ({ nanos }: Quantity) => Number(nanos) / Number(one),
    )
    .registerFunction(
      "Quantity.add(Quantity): Quantity",
      (a: Quantity, b: Quantity) => new Quantity(a.nanos + b.nanos),
    )
    .registerFunction(
      "Quantity.add(int): Quantity",
      (a: Quantity, b: bigint) => new Quantity(a.nanos + b * one),
    )
    .registerFunction(
      "Quantity.sub(Quantity): Quantity",
      (a: Quantity, b: Quantity) => new Quantity(a.nanos - b.nanos),
    )
    .registerFunction(
      "Quantity.sub(int): Quantity",
      (a: Quantity, b: bigint) => new Quantity(a.nanos - b * one),
    )
    .registerFunction(
      "Quantity.isGreaterThan(Quantity): bool",
      (a: Quantity, b: Quantity) => a.nanos > b.nanos,
    )
    .registerFunction("Quantity.isLessThan(Quantity): bool", (a: Quantity, b: Quantity) => a.nanos < b.nanos)
    .registerFunction("Quantity.compareTo(Quantity): int", (a: Quantity, b: Quantity) =>
      a.nanos > b.nanos ? 1n : a.nanos < b.nanos ? -1n : 0n,
    )
    .registerOperator("Quantity == Quantity", (a: Quantity, b: Quantity) => a.nanos === b.nanos);
}
