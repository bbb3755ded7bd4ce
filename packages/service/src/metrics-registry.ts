/** Values for a metric's label names, in their order. */
type LabelValues = readonly string[];

/** A number that only grows. */
export interface Counter {
  increment(labels?: LabelValues): void;
}

/** A number that goes up and down. */
export interface Gauge {
  add(amount: number): void;
}

/** How values spread over buckets. */
export interface Histogram {
  observe(value: number, labels?: LabelValues): void;
}

/** A few metrics and their text for Prometheus. */
export interface MetricsRegistry {
  readonly contentType: string;
  counter(name: string, help: string, labelNames?: readonly string[]): Counter;
  gauge(name: string, help: string): Gauge;
  histogram(
    name: string,
    help: string,
    buckets: readonly number[],
    labelNames?: readonly string[],
  ): Histogram;
  /** All metrics in the text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
  render(): string;
}

/** Makes an empty registry. */
export function createMetricsRegistry(): MetricsRegistry {
  const metrics = new Map<string, () => string[]>();

  function add(name: string, type: string, help: string, samples: () => string[]): void {
    if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) throw new TypeError(`${name} is not a metric name`);
    if (metrics.has(name)) throw new TypeError(`metric ${name} is there already`);
    const helpText = help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
    metrics.set(name, () => [`# HELP ${name} ${helpText}`, `# TYPE ${name} ${type}`, ...samples()]);
  }

  return {
    contentType: "text/plain; version=0.0.4; charset=utf-8",
    counter(name, help, labelNames = []) {
      const values = new Map<string, number>();
      add(name, "counter", help, () =>
        [...values].map(([labels, value]) => `${name}${braced(labels)} ${value}`),
      );
      return {
        increment(labels = []) {
          const key = formatLabels(labelNames, labels);
          values.set(key, (values.get(key) ?? 0) + 1);
        },
      };
    },
    gauge(name, help) {
      let value = 0;
      add(name, "gauge", help, () => [`${name} ${value}`]);
      return {
        add(amount) {
          value += amount;
        },
      };
    },
    histogram(name, help, buckets, labelNames = []) {
      const series = new Map<string, HistogramSeries>();
      const bounds = [...buckets].sort((a, b) => a - b);
      add(name, "histogram", help, () =>
        [...series].flatMap(([labels, one]) => renderHistogram(name, labels, bounds, one)),
      );
      return {
        observe(value, labels = []) {
          const key = formatLabels(labelNames, labels);
          const one = series.get(key) ?? { counts: bounds.map(() => 0), sum: 0, count: 0 };
          series.set(key, one);
          const index = bounds.findIndex((bound) => value <= bound);
          if (index >= 0) one.counts[index] = (one.counts[index] ?? 0) + 1;
          one.sum += value;
          one.count += 1;
        },
      };
    },
    render() {
      return [...metrics.values()].flatMap((lines) => lines()).join("\n") + "\n";
    },
  };
}

interface HistogramSeries {
  /** Per bucket, not cumulated: rendering adds them up. */
  readonly counts: number[];
  sum: number;
  count: number;
}

function renderHistogram(
  name: string,
  labels: string,
  bounds: readonly number[],
  one: HistogramSeries,
): string[] {
  let cumulated = 0;
  const lines = bounds.map((bound, index) => {
    cumulated += one.counts[index] ?? 0;
    return `${name}_bucket${braced(join(labels, `le="${bound}"`))} ${cumulated}`;
  });
  lines.push(`${name}_bucket${braced(join(labels, 'le="+Inf"'))} ${one.count}`);
  lines.push(`${name}_sum${braced(labels)} ${one.sum}`, `${name}_count${braced(labels)} ${one.count}`);
  return lines;
}

function formatLabels(names: readonly string[], values: LabelValues): string {
  return names.map((name, index) => `${name}="${escapeLabel(values[index] ?? "")}"`).join(",");
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function join(labels: string, label: string): string {
  return labels === "" ? label : `${labels},${label}`;
}

function braced(labels: string): string {
  return labels === "" ? "" : `{${labels}}`;
}
