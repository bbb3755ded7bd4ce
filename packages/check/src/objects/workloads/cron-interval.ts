import { nextCronTime, parseCronSchedule } from "@seaworthy/kube";

/** The shortest time between two runs of a schedule, in seconds; undefined where it is none, or is never due. */
export function cronIntervalSeconds(schedule: string): number | undefined {
  const parsed = parseCronSchedule(schedule);
  if ("error" in parsed) return undefined;
  let [shortest, last] = [Infinity, nextCronTime(parsed, someDay)];
  // A day's worth of runs every few minutes: what is more often is seen sooner.
  for (let run = 0; run < 300 && last !== undefined; run++) {
    const next = nextCronTime(parsed, last);
    if (next === undefined || next - someDay > 35 * dayMs) break;
    shortest = Math.min(shortest, next - last);
    last = next;
  }
  return last === undefined ? undefined : shortest / 1000;
}

const dayMs = 86_400_000;
/** The answer must not depend on when somebody asks. */
const someDay = Date.UTC(2026, 0, 1);
