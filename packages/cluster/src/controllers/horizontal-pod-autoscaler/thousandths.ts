import { formatQuantity, parseQuantity } from "@seaworthy/kube";

/** A Quantity's MilliValue, which is rounded up. */
export function thousandths(quantity: string | number): number {
  return Number((parseQuantity(quantity) + 999_999n) / 1_000_000n);
}

/** Thousandths as a Quantity. */
export function quantityOf(value: number, format: "binary" | "decimal" = "decimal"): string {
  return formatQuantity(BigInt(value) * 1_000_000n, format);
}
