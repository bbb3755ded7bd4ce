import type { ContainerUsage } from "@seaworthy/cluster";
import type { UsedResources } from "./size-result.ts";

const periodMs = 250;

/** Looks at what some containers use until it is asked. */
export interface UsageMeasurement extends Disposable {
  read(): UsedResources;
}

/** Begins to look at the containers that `usage` gives, again and again. */
export function measureUsage(usage: () => readonly ContainerUsage[], nowMs: () => number): UsageMeasurement {
  const startedAt = nowMs();
  const before = usage();
  let peakBytes = memoryOf(before);
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, memoryOf(usage()));
  }, periodMs);
  return {
    read() {
      const now = usage();
      const elapsedNs = Math.max(1, nowMs() - startedAt) * 1e6;
      const cpu = total(now, "cpuNanoseconds") - total(before, "cpuNanoseconds");
      const isLimited = now.some(({ throttledNanoseconds }) => throttledNanoseconds !== undefined);
      const throttled = total(now, "throttledNanoseconds") - total(before, "throttledNanoseconds");
      return {
        cores: Math.max(0, cpu) / elapsedNs,
        peakBytes: Math.max(peakBytes, memoryOf(now)),
        throttledShare: isLimited ? Math.max(0, throttled) / elapsedNs : null,
      };
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function total(usages: readonly ContainerUsage[], name: "cpuNanoseconds" | "throttledNanoseconds"): number {
  return usages.reduce((sum, each) => sum + (each[name] ?? 0), 0);
}

/** The largest: a pod's memory is what its own container needs. */
function memoryOf(usages: readonly ContainerUsage[]): number {
  return Math.max(0, ...usages.map(({ memoryBytes }) => memoryBytes));
}
