/** What was measured of one pod and of several. Rates are in requests per second. */
export interface SizeMeasurements {
  /** The highest rate at which one pod kept the objective. */
  readonly kneeRate: number;
  /** CPU that its container used there, in cores. */
  readonly kneeCores: number;
  /** The most memory that its container had for itself. */
  readonly peakBytes: number;
  /** From a pod's creation to its first answer. */
  readonly startedMs: number;
  /** Of what as many single pods serve, so much do several serve together; 1 where that was not tried. */
  readonly linearity: number;
  /** Whether Node runs in the container. */
  readonly isNode: boolean;
}

/** What a user wants of it. */
export interface SizeWish {
  /** The highest rate that is to be served. */
  readonly rate: number;
  /** Load grows by at most this share of itself in a minute. */
  readonly growthPerMinute: number;
}

/** One value, with where it comes from. */
export interface Sized<T> {
  readonly value: T;
  /** The formula, with numbers. */
  readonly sum: string;
}

/** What to write into a manifest. */
export interface Recommendation {
  readonly cpuRequestMillis: Sized<number>;
  readonly memoryMebibytes: Sized<number>;
  /** For `NODE_OPTIONS`; undefined where no Node was seen. */
  readonly heapMebibytes: Sized<number> | undefined;
  readonly replicas: Sized<number>;
  /** In percent of the CPU request. */
  readonly targetUtilization: Sized<number>;
  readonly minReplicas: number;
  readonly maxReplicas: Sized<number>;
}

/** A pod is given so much of its knee: what is left is for bursts, for a pod that is lost and for slower machines. */
export const usedOfKnee = 0.7;
/** A run of minutes does not see what memory grows to in days. */
const memoryMargin = 1.5;
const leastMemoryMargin = 32;
/** Of a container's memory; the rest is for what is no heap. */
const heapShare = 0.75;
/** The autoscaler's period, and the age of what it reads: horizontal-pod-autoscaler-sync-period and metric-resolution, both 15 s. */
const autoscalerLagSeconds = 30;
/** The autoscaler does nothing within a tenth of its target: horizontal-pod-autoscaler-tolerance. */
const tolerance = 1.1;

/** Computes what a service needs. A higher rate never gives fewer replicas, and more memory seen never a lower limit. */
export function recommend(seen: SizeMeasurements, wish: SizeWish): Recommendation {
  const replicas = replicasFor(seen, wish);
  const memory = memoryFor(seen);
  return {
    cpuRequestMillis: cpuFor(seen),
    memoryMebibytes: memory,
    heapMebibytes: seen.isNode ? heapFor(memory.value) : undefined,
    replicas,
    targetUtilization: targetFor(seen, wish, replicas.value),
    minReplicas: replicas.value,
    maxReplicas: {
      value: replicas.value * 2,
      sum: `2 x ${replicas.value}; your quota and what is behind the service decide it`,
    },
  };
}

/** A request is what a pod gets when its node is full, so it must reach the knee with it. No limit: it costs latency. */
function cpuFor({ kneeCores, kneeRate }: SizeMeasurements): Sized<number> {
  const value = Math.max(10, upTo(kneeCores * 1000, 10));
  return {
    value,
    sum: `${(kneeCores * 1000).toFixed(0)}m were used at ${whole(kneeRate)}/s; no CPU limit, which would cost latency: where one is demanded, ${2 * value}m or more`,
  };
}

function memoryFor({ peakBytes }: SizeMeasurements): Sized<number> {
  const peak = Math.ceil(peakBytes / 2 ** 20);
  const value = upTo(Math.max(peak * memoryMargin, peak + leastMemoryMargin), 16);
  return {
    value,
    sum: `${peak} MiB were used at most; x ${memoryMargin}, and at least + ${leastMemoryMargin}, in steps of 16; request and limit are the same`,
  };
}

function heapFor(memoryMebibytes: number): Sized<number> {
  const value = Math.floor(memoryMebibytes * heapShare);
  return {
    value,
    sum: `${heapShare * 100} % of ${memoryMebibytes} MiB; the rest is for buffers, code and stacks`,
  };
}

function replicasFor({ kneeRate, linearity }: SizeMeasurements, { rate }: SizeWish): Sized<number> {
  const perPod = kneeRate * usedOfKnee * linearity;
  const value = Math.max(2, Math.ceil(rate / perPod) + 1);
  const shared = linearity === 1 ? "" : ` x ${linearity.toFixed(2)}`;
  return {
    value,
    sum: `max(2, ceil(${whole(rate)}/s / (${whole(kneeRate)}/s x ${usedOfKnee}${shared})) + 1): one more, for a pod that is lost or rolled`,
  };
}

/** Until new pods serve, those that are there carry what has come on top, what the autoscaler tolerates, and a lost pod's share. */
function targetFor(
  { startedMs }: SizeMeasurements,
  { growthPerMinute }: SizeWish,
  replicas: number,
): Sized<number> {
  const lag = autoscalerLagSeconds + startedMs / 1000;
  const growth = 1 + (growthPerMinute * lag) / 60;
  const lost = replicas / (replicas - 1);
  const value = Math.max(1, Math.floor(100 / (growth * tolerance * lost)));
  return {
    value,
    sum: `100 % / (${growth.toFixed(2)} x ${tolerance} x ${lost.toFixed(2)}): growth by ${whole(growthPerMinute * 100)} % a minute for ${lag.toFixed(0)} s (${autoscalerLagSeconds} s of the autoscaler, ${(startedMs / 1000).toFixed(1)} s to start), its tolerance, one pod of ${replicas} lost`,
  };
}

function upTo(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

function whole(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0);
}
