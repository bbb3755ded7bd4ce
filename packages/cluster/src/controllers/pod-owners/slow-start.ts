/**
 * Runs `count` calls in batches of 1, 2, 4, … and stops after the first batch with a failure, so that a quota
 * that refuses one pod is not asked for a thousand (k8s.io/kubernetes/pkg/controller/replicaset, slowStartBatch).
 * Resolves to how many succeeded and to the first error.
 */
export async function slowStart(
  count: number,
  call: () => Promise<void>,
): Promise<{ readonly succeeded: number; readonly error: unknown }> {
  let succeeded = 0;
  let remaining = count;
  for (let size = Math.min(1, count); size > 0; size = Math.min(2 * size, remaining)) {
    const results = await Promise.allSettled(Array.from({ length: size }, () => call()));
    const failed = results.filter((result) => result.status === "rejected");
    succeeded += size - failed.length;
    remaining -= size;
    if (failed[0] !== undefined) return { succeeded, error: failed[0].reason as unknown };
  }
  return { succeeded, error: undefined };
}
