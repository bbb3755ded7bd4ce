import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ContainerLimits } from "./container-limits.ts";
import { shareOfPods } from "./yield-processor.ts";

/** The kernel refuses a slice of less than a millisecond; so does pkg/kubelet/cm/helpers_linux.go, MilliCPUToQuota. */
const periodUs = 100_000;
const shortestQuotaUs = 1_000;

/** Limits the memory of a group; without a number there is no limit. */
export function limitMemory(folder: string, version: 1 | 2, bytes: number | undefined): void {
  const write = (file: string, value: string) => writeFileSync(join(folder, file), value);
  const unlimited = version === 2 ? "max" : "-1";
  // Nodes have no swap; without this, memory that is used up would go there. Not every kernel counts swap.
  const limitSwap = () =>
    version === 2
      ? write("memory.swap.max", "0")
      : write("memory.memsw.limit_in_bytes", String(bytes ?? unlimited));
  // Version 1 refuses memory above memory with swap: what rises is written from above, and what falls from below.
  attempt(limitSwap);
  write(version === 2 ? "memory.max" : "memory.limit_in_bytes", String(bytes ?? unlimited));
  attempt(limitSwap);
  // What the kubelet asks for as well: a container that lost one of its processes is of no use.
  if (version === 2) attempt(() => write("memory.oom.group", "1"));
}

/** Limits the CPU time of a group to so many thousandths of a CPU; without a number there is no limit. */
export function limitCpu(folder: string, version: 1 | 2, millis: number | undefined): void {
  const quotaUs =
    millis === undefined ? undefined : Math.max(shortestQuotaUs, Math.round((millis * periodUs) / 1000));
  if (version === 2) return writeFileSync(join(folder, "cpu.max"), `${quotaUs ?? "max"} ${periodUs}`);
  writeFileSync(join(folder, "cpu.cfs_period_us"), String(periodUs));
  writeFileSync(join(folder, "cpu.cfs_quota_us"), String(quotaUs ?? -1));
}

/**
 * Weighs the CPU time of a container. The outer group counts as one process against those beside it, and one that may use
 * more CPUs as that many. The inner one has what its requests give it on a node, where nothing else is beside it.
 */
export function weighCpu(
  outer: string,
  inner: string,
  version: 1 | 2,
  { cpuMillis, cpuRequestMillis }: ContainerLimits,
): void {
  const processes = Math.max(1, (cpuMillis ?? 0) / 1000) * shareOfPods;
  const shares = sharesOf(cpuRequestMillis ?? 0);
  const [file, unit] = version === 2 ? (["cpu.weight", 100] as const) : (["cpu.shares", 1024] as const);
  writeFileSync(join(outer, file), String(Math.round(processes * unit)));
  writeFileSync(join(inner, file), String(version === 2 ? weightOf(shares) : shares));
}

/** pkg/kubelet/cm/helpers_linux.go, MilliCPUToShares */
function sharesOf(millis: number): number {
  return Math.min(262_144, Math.max(2, Math.floor((millis * 1024) / 1000)));
}

/** https://github.com/opencontainers/cgroups/blob/v0.0.5/utils.go, ConvertCPUSharesToCgroupV2Value */
function weightOf(shares: number): number {
  const log = Math.log2(shares);
  return Math.min(10_000, Math.ceil(10 ** ((log * log + 125 * log) / 612 - 7 / 34)));
}

/** Lets the groups in a folder have the controllers that it has itself. */
export function passOn(parent: string, folder: string): void {
  const controllers = ["memory", "cpu"].filter((name) =>
    readText(join(parent, "cgroup.subtree_control")).trim().split(" ").includes(name),
  );
  writeFileSync(join(folder, "cgroup.subtree_control"), controllers.map((name) => `+${name}`).join(" "));
}

/** How many processes of a group the kernel has killed because its memory was used up. */
export function readOomKills(folder: string, version: 1 | 2): number {
  const text = readText(join(folder, version === 2 ? "memory.events" : "memory.oom_control"));
  return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
}

/** Version 2 tells microseconds and version 1 nanoseconds: https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files */
export function readThrottled(folder: string): number | undefined {
  const [, unit, amount] = /^throttled_(usec|time) (\d+)$/m.exec(readText(join(folder, "cpu.stat"))) ?? [];
  return amount === undefined ? undefined : Number(amount) * (unit === "usec" ? 1_000 : 1);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function attempt(write: () => void): void {
  try {
    write();
  } catch {
    // This kernel does not have it.
  }
}
