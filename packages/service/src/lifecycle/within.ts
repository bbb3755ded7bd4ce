/** True when the promise ends in time. The timer is cleared, so that it does not hold the process. */
export async function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  const { promise: outOfTime, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), Math.max(ms, 0));
  try {
    return await Promise.race([promise.then(() => true), outOfTime]);
  } finally {
    clearTimeout(timer);
  }
}
