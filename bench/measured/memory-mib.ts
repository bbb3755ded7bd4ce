import { readFileSync } from "node:fs";

/** How much memory a process has (`VmRSS`), or has had at most (`VmHWM`), in MiB; NaN for one that has ended (proc(5)). */
export function memoryMib(pid: number, what: "VmRSS" | "VmHWM"): number {
  const status = readStatus(pid);
  return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}
