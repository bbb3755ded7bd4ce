import type { Clock } from "../../clock.ts";

/** Tells once when a pod has been on its node for `activeDeadlineSeconds`. */
export interface ActiveDeadline extends Disposable {
  /** Takes the pod's deadline as it is now; undefined where it has none. */
  set(seconds: number | undefined): void;
}

/**
 * Watches the deadline of a pod, which may be given and made shorter while the pod runs.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/active_deadline.go
 */
export function watchActiveDeadline(clock: Clock, startTimeMs: number, onPassed: () => void): ActiveDeadline {
  let current: number | undefined;
  let isDisposed = false;
  let giveUp = () => {};
  return {
    set(seconds) {
      if (seconds === current || isDisposed) return;
      current = seconds;
      giveUp();
      if (seconds === undefined) return;
      giveUp = clock.after(Math.max(0, startTimeMs + seconds * 1000 - clock.now()), onPassed);
    },
    [Symbol.dispose]() {
      isDisposed = true;
      giveUp();
    },
  };
}
