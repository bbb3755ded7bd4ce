import { resourceAmounts, type Container } from "@seaworthy/kube";

/** What a container may use at most, and what it is to have where others want it too. */
export interface ContainerLimits {
  readonly memoryBytes?: number;
  /** In thousandths of a CPU. */
  readonly cpuMillis?: number;
  readonly cpuRequestMillis?: number;
}

/** What a container's manifest says of memory and CPU. */
export function containerLimits({ resources }: Pick<Container, "resources">): ContainerLimits {
  const amounts = resourceAmounts(resources?.limits);
  const memory = amounts.get("memory") ?? 0n;
  const cpu = amounts.get("cpu") ?? 0n;
  const cpuRequest = resourceAmounts(resources?.requests).get("cpu") ?? 0n;
  return {
    ...(memory === 0n ? {} : { memoryBytes: Number(memory / nanosPerUnit) }),
    ...(cpu === 0n ? {} : { cpuMillis: millis(cpu) }),
    ...(cpuRequest === 0n ? {} : { cpuRequestMillis: millis(cpuRequest) }),
  };
}

const nanosPerUnit = 1_000_000_000n;
const nanosPerMilli = 1_000_000n;

function millis(amount: bigint): number {
  return Number((amount + nanosPerMilli - 1n) / nanosPerMilli);
}
