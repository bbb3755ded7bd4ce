import { writeFileSync } from "node:fs";
import { constants, getPriority, setPriority } from "node:os";
import type { Clock } from "../../clock.ts";

/** What a process of a pod gets of a busy processor, for each part that one of the cluster or of a load gets. */
export const shareOfPods = 1 / 3;

/** By so much nicer is that share: https://github.com/torvalds/linux/blob/v6.12/kernel/sched/core.c (sched_prio_to_weight). */
const niceness = 5;
const retryMs = 120;
const mostTries = 25;

/**
 * Lets the cluster and the load before the processes that this one will start, when all want the processor. A real node keeps
 * a part for itself, and a load comes from elsewhere: pods that start must not make probes and requests late here, either.
 *
 * Where each session has a share of its own (sched(7), autogroup), the session is what has to yield. The kernel takes that of
 * an ordinary user ten times a second at most, so it is tried again, until the function that is returned is called.
 */
export function yieldProcessor(pid: number, clock: Clock, lower = lowerPriority): () => void {
  let cancel = () => {};
  let tries = 0;
  const attempt = () => {
    try {
      lower(pid);
    } catch (error) {
      tries += 1;
      const isTooOften = (error as NodeJS.ErrnoException).code === "EAGAIN";
      if (isTooOften && tries < mostTries) cancel = clock.after(retryMs, attempt);
    }
  };
  attempt();
  return () => cancel();
}

function lowerPriority(pid: number): void {
  setPriority(pid, Math.min(constants.priority.PRIORITY_LOW, getPriority() + niceness));
  writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
}
