/**
 * Calls for each item, in batches of 1, 2, 4, … and stops after the first batch with a failure, so that a quota
 * that refuses one pod is not asked for a thousand (k8s.io/kubernetes/pkg/controller/replicaset, slowStartBatch).
 * Resolves to how many succeeded and to the first error.
 */
export async function slowStart<T>(
  items: readonly T[],
  call: (item: T) => Promise<void>,
): Promise<{ readonly succeeded: number; readonly error: unknown }> {
  let succeeded = 0;
  let done = 0;
  for (let size = 1; done < items.length; size *= 2) {
    const batch = items.slice(done, done + size);
    const results = await Promise.allSettled(batch.map((item) => call(item)));
    const failed = results.filter((result) => result.status === "rejected");
    succeeded += batch.length - failed.length;
    done += batch.length;
    if (failed[0] !== undefined) return { succeeded, error: failed[0].reason as unknown };
  }
  return { succeeded, error: undefined };
}
