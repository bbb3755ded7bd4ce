import type { Clock } from "../../clock.ts";
import type { ContainerUsage, Kubelet } from "../../kubelet.ts";
import { wait } from "../../wait.ts";

/** What a container uses. */
export interface MeasuredContainer extends Pick<ContainerUsage, "namespace" | "pod" | "container" | "node"> {
  readonly nanocores: number;
  readonly memoryBytes: number;
  /** The time over which its CPU was measured. */
  readonly windowMs: number;
}

/** What all containers use. */
export interface Measurement {
  readonly takenAtMs: number;
  /** The time over which CPU was measured, where a container is not younger. */
  readonly windowMs: number;
  readonly containers: readonly MeasuredContainer[];
}

/** Measures containers when it is asked, and never else: what nobody asks for costs a trial nothing. */
export interface UsageMeter {
  read(): Promise<Measurement>;
}

/** CPU times have a grain of 10 ms, so that a second is the least that tells anything. */
const leastWindowMs = 1_000;
/** What was used longer ago is of no interest. metrics-server looks every 15 s. */
const longestWindowMs = 60_000;

interface Sample {
  readonly takenAtMs: number;
  readonly usages: ReadonlyMap<string, ContainerUsage>;
}

/**
 * Makes a meter. CPU is the difference between two looks, as with https://github.com/kubernetes-sigs/metrics-server: who asks
 * for the first time in a minute waits a second for the second one.
 */
export function createUsageMeter(kubelet: Pick<Kubelet, "readUsage">, clock: Clock): UsageMeter {
  let base: Sample | undefined;
  let latest: Sample | undefined;
  let waiting: Promise<Sample> | undefined;

  const look = (): Sample => ({
    takenAtMs: clock.now(),
    usages: new Map(kubelet.readUsage().map((usage) => [keyOf(usage), usage])),
  });
  const ageOf = (sample: Sample | undefined) => clock.now() - (sample?.takenAtMs ?? -Infinity);

  async function lookTwice(): Promise<Sample> {
    const first = look();
    await wait(clock, leastWindowMs);
    base = first;
    return (latest = look());
  }

  async function now(): Promise<Sample> {
    if (base !== undefined && latest !== undefined && ageOf(latest) < leastWindowMs) return latest;
    if (ageOf(latest) <= longestWindowMs) {
      base = latest;
      return (latest = look());
    }
    waiting ??= lookTwice().finally(() => (waiting = undefined));
    return await waiting;
  }

  return {
    async read() {
      const sample = await now();
      const { takenAtMs, usages } = sample;
      // There is an earlier one by now.
      const earlier = base ?? sample;
      return {
        takenAtMs,
        windowMs: takenAtMs - earlier.takenAtMs,
        containers: [...usages].map(([key, usage]) => measure(usage, takenAtMs, earlier, key)),
      };
    },
  };
}

/** A container that was not there at the earlier look has used nothing before it began. */
function measure(usage: ContainerUsage, takenAtMs: number, base: Sample, key: string): MeasuredContainer {
  const earlier = base.usages.get(key);
  const { namespace, pod, container, node, memoryBytes } = usage;
  const sinceMs = earlier === undefined ? usage.startedAtMs : base.takenAtMs;
  const windowMs = Math.max(1, takenAtMs - sinceMs);
  const usedNanoseconds = Math.max(0, usage.cpuNanoseconds - (earlier?.cpuNanoseconds ?? 0));
  const nanocores = Math.round(usedNanoseconds / (windowMs / 1000));
  return { namespace, pod, container, node, memoryBytes, nanocores, windowMs };
}

/** A container that was started anew is another one. */
function keyOf({ namespace, pod, container, startedAtMs }: ContainerUsage): string {
  return `${namespace}/${pod}/${container}/${startedAtMs}`;
}
