import { availableParallelism } from "node:os";

/**
 * Does something with every item, two at a time where the machine has two cores, and resolves when all is done.
 * It is meant for trials with little load, which wait most of their time, and do not make each other's load late.
 */
export async function inLanes<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  lanes = Math.min(2, availableParallelism()),
): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const item of left) await work(item);
    }),
  );
}
