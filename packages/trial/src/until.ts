/** Resolves once `condition` holds, which is looked at after each change; false when `timeoutMs` passed before. */
export async function until(
  condition: () => boolean,
  onChange: (listener: () => void) => () => void,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  signal?.throwIfAborted();
  if (condition()) return true;
  const result = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => result.resolve(false), timeoutMs);
  const unsubscribe = onChange(() => {
    if (condition()) result.resolve(true);
  });
  const onAbort = () => result.reject(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await result.promise;
  } finally {
    clearTimeout(timer);
    unsubscribe();
    signal?.removeEventListener("abort", onAbort);
  }
}
