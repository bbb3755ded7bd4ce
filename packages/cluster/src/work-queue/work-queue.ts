import type { Clock } from "../clock.ts";

/** Keys that wait to be worked on. A key waits at most once, and is never worked on twice at the same time. */
export interface WorkQueue extends AsyncDisposable {
  /** Works on a key as soon as a worker is free; again after the present run when one is under way. */
  add(key: string): void;
  /** Adds a key later. Of several delays of one key the earliest wins. */
  addAfter(key: string, delayMs: number): void;
  /** Resolves when nothing waits and nothing runs; keys that were added with a delay do not count. */
  idle(): Promise<void>;
}

/** What a queue is made of. */
export interface WorkQueueOptions {
  readonly clock: Clock;
  /** Brings the world of one key where it should be. When it rejects, the key is tried again later. */
  readonly work: (key: string) => Promise<void>;
  /** How many keys may be worked on at the same time. Default 1. */
  readonly workers?: number;
  /** The machine's own clock, by which a key that took long rests. When absent, as in virtual time, none does. */
  readonly restClock?: Clock | undefined;
  /** Told of each failure; the key is tried again in any case. */
  readonly onError?: (key: string, error: unknown) => void;
}

/**
 * Makes a queue after client-go's workqueue: it coalesces by key and waits 5 ms · 2^failures, at most
 * 1000 s, after a failure (k8s.io/client-go/util/workqueue/default_rate_limiters.go).
 *
 * A key that took long rests before it is worked on again, so that changes meanwhile are seen together: a real controller
 * has a limit of requests per second that does the same, and without either a thousand pods cost a million looks.
 */
export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  const { clock, work, workers = 1, restClock, onError } = options;
  const waiting = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const failures = new Map<string, number>();
  /** Keys that were worked on for long, until they have rested, and whether somebody asks for them meanwhile. */
  const resting = new Map<string, { isAsked: boolean; readonly cancel: () => void }>();
  const delayed = new Map<string, { readonly dueMs: number; readonly cancel: () => void }>();
  let idleListeners: (() => void)[] = [];
  let closed = false;

  function startWaiting(): void {
    for (const key of waiting) {
      if (closed || running.size >= workers) return;
      if (running.has(key)) continue;
      waiting.delete(key);
      running.set(key, run(key));
    }
  }

  async function run(key: string): Promise<void> {
    // Let the change that caused this run, and its neighbours, reach the caches first.
    await Promise.resolve();
    const startedMs = restClock?.now() ?? 0;
    try {
      await work(key);
      failures.delete(key);
    } catch (error) {
      retry(key, error);
    }
    running.delete(key);
    if (restClock !== undefined) rest(restClock, key, restClock.now() - startedMs);
    startWaiting();
    if (waiting.size === 0 && running.size === 0) wakeIdle();
  }

  function retry(key: string, error: unknown): void {
    const count = failures.get(key) ?? 0;
    failures.set(key, count + 1);
    if (!closed) onError?.(key, error);
    addAfter(key, retryDelayMs(count));
  }

  function rest(by: Clock, key: string, tookMs: number): void {
    if (tookMs < longRunMs || closed) return;
    const isAsked = waiting.delete(key);
    const cancel = by.after(Math.min(longestRestMs, tookMs * restPerRun), () => {
      const hasRested = resting.get(key);
      resting.delete(key);
      if (hasRested?.isAsked === true) add(key);
    });
    resting.set(key, { isAsked, cancel });
  }

  function addAfter(key: string, delayMs: number): void {
    if (closed) return;
    const dueMs = clock.now() + delayMs;
    const earlier = delayed.get(key);
    if (earlier !== undefined && earlier.dueMs <= dueMs) return;
    earlier?.cancel();
    const cancel = clock.after(Math.max(0, delayMs), () => {
      delayed.delete(key);
      add(key);
    });
    delayed.set(key, { dueMs, cancel });
  }

  function add(key: string): void {
    if (closed) return;
    const pause = resting.get(key);
    if (pause !== undefined) return void (pause.isAsked = true);
    waiting.add(key);
    startWaiting();
  }

  function wakeIdle(): void {
    const listeners = idleListeners;
    idleListeners = [];
    for (const listener of listeners) listener();
  }

  return {
    add,
    addAfter,
    idle() {
      if (waiting.size === 0 && running.size === 0) return Promise.resolve();
      return new Promise((resolve) => {
        idleListeners.push(resolve);
      });
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      waiting.clear();
      for (const { cancel } of delayed.values()) cancel();
      delayed.clear();
      for (const { cancel } of resting.values()) cancel();
      resting.clear();
      await Promise.all(running.values());
      wakeIdle();
    },
  };
}

/** A run of so many milliseconds is long, and a rest is so many times as long as it, up to the longest. */
const longRunMs = 20;
const restPerRun = 4;
const longestRestMs = 1000;

/** How long to wait after the n-th failure in a row, counted from 0. */
export function retryDelayMs(failuresBefore: number): number {
  return Math.min(5 * 2 ** Math.min(failuresBefore, 30), 1_000_000);
}
