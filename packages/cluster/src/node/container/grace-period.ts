import type { Clock } from "../../clock.ts";

/** The time that a pod has left to end. Later deletes may shorten it, never lengthen it. */
export interface GracePeriod {
  leftMs(): number;
  /** Whether there is any grace: hooks do not run without. */
  readonly isZero: boolean;
  shorten(graceMs: number): void;
  /** Waits for `done`, but no longer than the grace lasts, and in any case `atLeastMs`. True when time ran out. */
  outlast(done: Promise<unknown>, atLeastMs?: number): Promise<boolean>;
}

/** Starts a grace period now. */
export function createGracePeriod(clock: Clock, graceMs: number): GracePeriod {
  let endMs = clock.now() + graceMs;
  const recheck = new Set<() => void>();
  return {
    isZero: graceMs <= 0,
    leftMs: () => Math.max(0, endMs - clock.now()),
    shorten(newGraceMs) {
      endMs = Math.min(endMs, clock.now() + newGraceMs);
      for (const check of recheck) check();
    },
    outlast(done, atLeastMs = 0) {
      const earliestMs = clock.now() + atLeastMs;
      return new Promise((resolve) => {
        let cancel = () => {};
        const settle = (ranOut: boolean) => {
          cancel();
          recheck.delete(check);
          resolve(ranOut);
        };
        const check = () => {
          cancel();
          const leftMs = Math.max(endMs, earliestMs) - clock.now();
          if (leftMs <= 0) settle(true);
          else cancel = clock.after(leftMs, check);
        };
        recheck.add(check);
        check();
        done.then(
          () => settle(false),
          () => settle(false),
        );
      });
    },
  };
}
