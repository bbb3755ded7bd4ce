import type { LoadReport } from "@seaworthy/load";

/** How an autoscaler took a ramp of load, and its end. Times are milliseconds since the epoch. */
export interface Scaling {
  readonly autoscaler: string;
  readonly deployment: string;
  /** Pods before the ramp, and at most. */
  readonly from: number;
  readonly to: number;
  /** Requests per second at the top, and what pods used there of the CPU target. */
  readonly ratePerSecond: number;
  readonly topShare: number;
  readonly beganAt: number;
  readonly topAt: number;
  /** When it asked for more pods, when the last of them was ready, and when pods were back at the target; absent where it was not seen. */
  readonly actedAt: number | undefined;
  readonly readyAt: number | undefined;
  readonly metAt: number | undefined;
  /** When the ramp's load was taken away. */
  readonly downAt: number;
  /** Pods that ended then. */
  readonly ended: number;
  /** Its own stabilization window, where that was shortened. */
  readonly windowSeconds: number | undefined;
}

/** The same as the verdict has it; times count from the ramp's top. */
export interface AutoscalingResult extends Pick<
  Scaling,
  "autoscaler" | "deployment" | "from" | "to" | "ratePerSecond" | "ended"
> {
  /** What pods used at the top, in percent of the target. */
  readonly topPercent: number;
  /** null: it did not come to that. */
  readonly actedAfterMs: number | null;
  readonly readyAfterMs: number | null;
  readonly metAfterMs: number | null;
  /** p99 in a usual second before the ramp and on the way up, and in the worst one there. */
  readonly p99BeforeMs: number | null;
  readonly p99UpMs: number | null;
  readonly worstP99UpMs: number | null;
  /** Requests that were lost on the way up, and on the way down; without those that no field saves. */
  readonly lostUp: number;
  readonly lostDown: number;
  readonly shortenedWindowSeconds: number | null;
}

/** Joins what an autoscaler did to what the load saw. `lostAt` has the moments at which requests were lost that count. */
export function autoscalingResult(
  scaling: Scaling,
  load: Pick<LoadReport, "startedAt" | "intervals">,
  lostAt: readonly number[],
): AutoscalingResult {
  const { autoscaler, deployment, from, to, ended, beganAt, topAt, downAt } = scaling;
  const after = (at: number | undefined) => (at === undefined ? null : Math.round(at - topAt));
  const p99s = (fromMs: number, untilMs: number) =>
    load.intervals
      .filter(({ fromMs: at, durationMs }) => {
        const begin = load.startedAt + at;
        return begin >= fromMs && begin + durationMs <= untilMs;
      })
      .flatMap(({ p99Ms }) => p99Ms ?? [])
      .toSorted((left, right) => left - right);
  const before = p99s(load.startedAt, beganAt);
  const up = p99s(beganAt, scaling.metAt ?? downAt);
  return {
    autoscaler,
    deployment,
    from,
    to,
    ratePerSecond: Math.round(scaling.ratePerSecond),
    topPercent: Math.round(scaling.topShare * 100),
    actedAfterMs: after(scaling.actedAt),
    readyAfterMs: after(scaling.readyAt),
    metAfterMs: after(scaling.metAt),
    p99BeforeMs: tenths(before[Math.floor(before.length / 2)]),
    p99UpMs: tenths(up[Math.floor(up.length / 2)]),
    worstP99UpMs: tenths(up.at(-1)),
    lostUp: lostAt.filter((at) => at >= beganAt && at < downAt).length,
    lostDown: lostAt.filter((at) => at >= downAt).length,
    ended,
    shortenedWindowSeconds: scaling.windowSeconds ?? null,
  };
}

/** The result in sentences: the way up, its price, and the way down. */
export function autoscalingText(result: AutoscalingResult): string[] {
  const { autoscaler, ratePerSecond, topPercent, from, to, lostUp, lostDown, ended } = result;
  const up = `${autoscaler}: ${ratePerSecond} requests/s brought the pods to ${topPercent} % of its target, and it went from ${from} to ${to}`;
  return [
    `${up}; ${[
      moment(result.actedAfterMs, "it acted", "it did not act"),
      moment(result.readyAfterMs, "the new pods were ready", "the new pods were not ready"),
      moment(result.metAfterMs, "the target was met", "the target was not met"),
    ].join(", ")}`,
    `on the way up ${lostUp} requests were lost; p99 in a usual second was ${inMs(result.p99UpMs)}, in the worst ${inMs(result.worstP99UpMs)}, and ${inMs(result.p99BeforeMs)} before`,
    `on the way down ${lostDown} requests were lost while ${ended} ${ended === 1 ? "pod" : "pods"} ended${shortened(result)}`,
  ];
}

/** A share of the target, 1 being all of it. */
export function percentText(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function moment(afterMs: number | null, was: string, wasNot: string): string {
  if (afterMs === null) return `${wasNot} while the trial looked on`;
  return `${was} ${(Math.abs(afterMs) / 1000).toFixed(1)} s ${afterMs < 0 ? "before" : "after"} the top`;
}

function shortened({ shortenedWindowSeconds }: AutoscalingResult): string {
  if (shortenedWindowSeconds === null) return "";
  return `; its stabilizationWindowSeconds of ${shortenedWindowSeconds} was 0 meanwhile, so that outside of a trial they end that much later`;
}

function inMs(value: number | null): string {
  return value === null ? "not seen" : `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

function tenths(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 10) / 10;
}
