import { mix } from "./seeded.ts";

/**
 * Says which of several things, given by their weights, comes i-th. A block holds each thing as often as its weight says
 * (divided by the common divisor of the weights), in an order drawn per block: shares are exact, and the order does not keep
 * step with something that takes turns behind the target. Fast when asked in ascending order; else each answer draws a block.
 */
export function blockOrder(weights: readonly number[], seed: number): (i: number) => number {
  if (weights.length === 1) return () => 0;
  const shared = weights.reduce(greatestCommonDivisor);
  const block = Uint16Array.from(
    weights.flatMap((weight, index) => Array<number>(weight / shared).fill(index)),
  );
  const order = new Uint16Array(block.length);
  let drawn = -1;
  return (i) => {
    const wanted = Math.floor(i / block.length);
    if (wanted !== drawn) {
      drawn = wanted;
      order.set(block);
      shuffle(order, mix(seed, wanted));
    }
    return order[i - wanted * block.length] as number;
  };
}

/** Fisher-Yates with a generator of its own, so that a block's order depends on nothing but its seed. */
function shuffle(items: Uint16Array, seed: number): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor((mix(seed, i) / 2 ** 32) * (i + 1));
    const moved = items[i] as number;
    items[i] = items[j] as number;
    items[j] = moved;
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
