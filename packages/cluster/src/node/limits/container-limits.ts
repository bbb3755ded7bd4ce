import { resourceAmounts, type Container } from "@seaworthy/kube";

/** What a container may use at most. */
export interface ContainerLimits {
  readonly memoryBytes?: number;
  /** In thousandths of a CPU. */
  readonly cpuMillis?: number;
}

/** The limits that a container's manifest sets on memory and CPU. */
export function containerLimits({ resources }: Pick<Container, "resources">): ContainerLimits {
  const amounts = resourceAmounts(resources?.limits);
  const memory = amounts.get("memory") ?? 0n;
  const cpu = amounts.get("cpu") ?? 0n;
  return {
    ...(memory === 0n ? {} : { memoryBytes: Number(memory / nanosPerUnit) }),
    ...(cpu === 0n ? {} : { cpuMillis: Number((cpu + nanosPerMilli - 1n) / nanosPerMilli) }),
  };
}

const nanosPerUnit = 1_000_000_000n;
const nanosPerMilli = 1_000_000n;
