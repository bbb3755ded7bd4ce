import { claimedNames } from "./claimed-names.ts";
import { contentTypes, renderFamilies } from "./exposition.ts";
import type { Exemplar, Family } from "./family.ts";
import { readForeignText, type ForeignSource } from "./foreign-text.ts";
import { createHistogramSeries, type RecordedHistogram } from "./histogram-series.ts";
import { checkLabelNames, formatLabels, type LabelValues } from "./labels.ts";
import { negotiateExposition } from "./negotiate-exposition.ts";
import { createCounterSeries, createGaugeSeries } from "./number-series.ts";
import { createSeriesTable, type SeriesTable } from "./series-table.ts";

/** A number that only grows. A negative amount, or one that is no number, is a `RangeError`. */
export interface Counter {
  increment(labels?: LabelValues, amount?: number): void;
  /** The series of these labels. Keep it to save the look-up. */
  child(labels: LabelValues): { increment(amount?: number): void };
}

/** A number that goes up and down. */
export interface Gauge {
  set(value: number, labels?: LabelValues): void;
  add(amount: number, labels?: LabelValues): void;
}

/** How values spread over buckets. `NaN` is not counted. */
export interface Histogram {
  /** The upper bounds of its buckets, rising; the last is `Infinity`. */
  readonly bounds: readonly number[];
  observe(value: number, labels?: LabelValues, exemplar?: Exemplar): void;
  /** The series of these labels. Keep it to save the look-up. */
  child(labels: LabelValues): { observe(value: number, exemplar?: Exemplar): void };
  /** What has been recorded so far. */
  series(): Iterable<RecordedHistogram>;
}

/** A scrape's answer. */
export interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

/**
 * The metrics of a process. Label values stand in the order of the label names. A name that the formats do not allow, or
 * that is taken, is a `TypeError`.
 */
export interface MetricsRegistry {
  /** Adds a counter. Its name ends in `_total`. */
  counter(name: string, help: string, labelNames?: readonly string[]): Counter;
  gauge(name: string, help: string, labelNames?: readonly string[]): Gauge;
  histogram(
    name: string,
    help: string,
    buckets: readonly number[],
    labelNames?: readonly string[],
  ): Histogram;
  /** Adds a number that is read at each scrape. */
  observe(name: string, help: string, type: "counter" | "gauge", read: () => number): void;
  /** Adds facts as labels of a constant 1. The name ends in `_info`. */
  info(name: string, help: string, labels: Readonly<Record<string, string>>): void;
  /** Adds a family whose series are worked out at each scrape. */
  add(family: Family): void;
  /**
   * Appends the text of another registry. While there is a source every scrape gets the plain format, because the
   * source's text has that format. Families of names that this registry has as well are left out, and a source that
   * fails is left out and counted in `metrics_source_errors_total`.
   */
  addSource(source: ForeignSource): void;
  /** Renders all metrics, in the format that the `Accept` header wants. Gives a promise only when a source gives one. */
  render(accept?: string): Exposition | Promise<Exposition>;
}

/** Options of a registry. */
export interface MetricsRegistryOptions {
  /** The most label sets of a metric. Further ones share one series with the label values `other`. */
  readonly seriesLimit?: number;
  /** The clock for exemplars, in milliseconds since the epoch. */
  readonly nowMs?: () => number;
}

/** Makes an empty registry. */
export function createMetricsRegistry(options: MetricsRegistryOptions = {}): MetricsRegistry {
  const { seriesLimit = 1_000, nowMs = Date.now } = options;
  const families: Family[] = [];
  const taken = new Set<string>();
  const sources: (() => string | Promise<string>)[] = [];

  function add(family: Family): void {
    const claimed = claimedNames(family);
    const clash = claimed.intersection(taken);
    if (clash.size > 0)
      throw new TypeError(`metric ${family.name}: ${[...clash].join(", ")} is there already`);
    for (const name of claimed) taken.add(name);
    families.push(family);
  }

  function table<S>(
    name: string,
    labelNames: readonly string[],
    create: (names: readonly string[], values: LabelValues) => S,
  ): SeriesTable<S> {
    checkLabelNames(name, labelNames);
    const labelCount = labelNames.length;
    const bounded = labelCount > 0 && name !== droppedName;
    const series = createSeriesTable({
      labelCount,
      limit: seriesLimit,
      create: (values) => create(labelNames, values),
      overflow: bounded ? dropped.child([name]).increment : () => undefined,
    });
    // A family without labels is there, with 0, before anything happens, so that Prometheus sees its first change.
    if (labelCount === 0) series.at([]);
    return series;
  }

  function counter(name: string, help: string, labelNames: readonly string[] = []): Counter {
    const series = table(name, labelNames, createCounterSeries);
    add({ name, help, type: "counter", series: () => series });
    return {
      increment: (labels = [], amount) => series.at(labels).increment(amount),
      child: (labels) => series.at(labels),
    };
  }

  function gauge(name: string, help: string, labelNames: readonly string[] = []): Gauge {
    const series = table(name, labelNames, createGaugeSeries);
    add({ name, help, type: "gauge", series: () => series });
    return {
      set: (value, labels = []) => series.at(labels).set(value),
      add: (amount, labels = []) => series.at(labels).add(amount),
    };
  }

  function histogram(
    name: string,
    help: string,
    buckets: readonly number[],
    labelNames: readonly string[] = [],
  ): Histogram {
    const bounds = [...new Set([...buckets, Infinity])].toSorted((a, b) => a - b);
    const series = table(name, labelNames, (names, values) =>
      createHistogramSeries(names, values, bounds, nowMs),
    );
    add({ name, help, type: "histogram", bounds, series: () => series });
    return {
      bounds,
      observe: (value, labels = [], exemplar) => series.at(labels).observe(value, exemplar),
      child: (labels) => series.at(labels),
      series: () => series,
    };
  }

  function render(accept?: string): Exposition | Promise<Exposition> {
    const format = sources.length > 0 ? "text" : negotiateExposition(accept);
    const own = renderFamilies(families, format);
    const exposition = (foreign: readonly string[]): Exposition => ({
      contentType: contentTypes[format],
      body: own + foreign.join(""),
    });
    const texts = sources.map((source) => source());
    return texts.every((text) => typeof text === "string")
      ? exposition(texts)
      : Promise.all(texts.map(async (text) => text)).then(exposition);
  }

  const dropped = counter(
    droppedName,
    "Times that a label set found its metric full and went to the series of the others.",
    ["metric"],
  );
  const sourceErrors = counter("metrics_source_errors_total", "Times that another registry gave no text.");

  return {
    counter,
    gauge,
    histogram,
    observe(name, help, type, read) {
      add({ name, help, type, series: () => [{ labels: "", value: read() }] });
    },
    info(name, help, labels) {
      const names = Object.keys(labels);
      checkLabelNames(name, names);
      const series = [{ labels: formatLabels(names, Object.values(labels)), value: 1 }];
      add({ name, help, type: "info", series: () => series });
    },
    add,
    addSource(source) {
      sources.push(() => readForeignText(source, taken, sourceErrors.increment));
    },
    render,
  };
}

const droppedName = "metrics_series_dropped_total";
