import { crowdedSpan, type CrowdedSpan, type WorkAt } from "./crowded-spans.ts";
import type { MachineWork } from "./machine-work.ts";

/** Watches whether a machine is crowded. */
export interface Crowd extends Disposable {
  /** The spans that are over. */
  read(): readonly CrowdedSpan[];
}

/** Long enough for a look at all processes to be cheap, and for ticks of 10 ms to be exact. */
const spanMs = 2_000;

/** Looks every two seconds. Where `readWork` throws at first, as on other systems than Linux, nothing is ever seen. */
export function watchCrowd(readWork: () => MachineWork, now: () => number): Crowd {
  const spans: CrowdedSpan[] = [];
  const look = (): WorkAt => ({ ...readWork(), at: now() });
  let last: WorkAt;
  try {
    last = look();
  } catch {
    return { read: () => spans, [Symbol.dispose]() {} };
  }
  const timer = setInterval(() => {
    const next = look();
    const span = crowdedSpan(last, next);
    if (span !== undefined) spans.push(span);
    last = next;
  }, spanMs).unref();
  return {
    read: () => spans,
    [Symbol.dispose]() {
      clearInterval(timer);
    },
  };
}
