import { readFileSync } from "node:fs";

/** Times of all processors, in hundredths of a second: proc(5). */
export function readTimes(): readonly number[] {
  return readFileSync("/proc/stat", "utf8").split("\n", 1)[0]?.trim().split(/\s+/).slice(1).map(Number) ?? [];
}

/** The share of the time in which this machine had work that another one on the same host took. */
export function stolenShare(before: readonly number[], after: readonly number[]): number {
  const passed = after.map((time, i) => time - (before[i] ?? 0));
  const [user = 0, nice = 0, system = 0, , , , softirq = 0, steal = 0] = passed;
  return steal / (user + nice + system + softirq + steal);
}
