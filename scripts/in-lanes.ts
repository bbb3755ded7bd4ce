import { availableParallelism } from "node:os";

/**
 * Does something with every item, two at a time where the machine has two cores, and resolves when all is done.
 * It is meant for trials: they wait most of their time, and their pods yield the processor to the load (docs/decisions/0023).
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
