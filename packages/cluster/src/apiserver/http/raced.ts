import { once } from "node:events";

/**
 * What a promise comes to, unless the signal comes first. A pod's network that does not answer cannot be told to stop; then
 * nobody waits for it any more.
 */
export async function raced<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = once(signal, "abort").then(() => {
    throw signal.reason as Error;
  });
  // Whichever loses is of no interest.
  stopped.catch(() => {});
  promise.catch(() => {});
  return await Promise.race([promise, stopped]);
}
