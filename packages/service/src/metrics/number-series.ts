import type { NumberSeries } from "./family.ts";
import { formatLabels, type LabelValues } from "./labels.ts";

/** A number that only grows. */
export interface CounterSeries extends NumberSeries {
  /** Adds an amount, 1 by default. A negative amount, or one that is no number, is a `RangeError`. */
  increment(amount?: number): void;
}

/** A number that goes up and down. */
export interface GaugeSeries extends NumberSeries {
  set(value: number): void;
  add(amount: number): void;
}

/** Makes a counter at 0. */
export function createCounterSeries(labelNames: readonly string[], values: LabelValues): CounterSeries {
  const series = {
    labels: formatLabels(labelNames, values),
    value: 0,
    increment(amount = 1) {
      if (!(amount >= 0)) throw new RangeError(`a counter cannot grow by ${amount}`);
      series.value += amount;
    },
  };
  return series;
}

/** Makes a gauge at 0. */
export function createGaugeSeries(labelNames: readonly string[], values: LabelValues): GaugeSeries {
  const series = {
    labels: formatLabels(labelNames, values),
    value: 0,
    set(value: number) {
      series.value = value;
    },
    add(amount: number) {
      series.value += amount;
    },
  };
  return series;
}
