import type { BucketExemplar, Family, HistogramFamily, HistogramSeries, NumberFamily } from "./family.ts";
import { formatLabels } from "./labels.ts";
import type { ExpositionFormat } from "./negotiate-exposition.ts";

/** The `Content-Type` of each format. */
export const contentTypes: Readonly<Record<ExpositionFormat, string>> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/**
 * The families that have series, as text.
 * https://prometheus.io/docs/instrumenting/exposition_formats/ and https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function renderFamilies(families: Iterable<Family>, format: ExpositionFormat): string {
  let text = "";
  for (const family of families) {
    const samples = family.type === "histogram" ? histogramSamples(family, format) : numberSamples(family);
    if (samples !== "") text += descriptor(family, format) + samples;
  }
  return format === "openmetrics" ? `${text}# EOF\n` : text;
}

/** The name of the family in OpenMetrics: the name without the suffix that its type demands of the samples. */
export function familyName({ name, type }: Pick<Family, "name" | "type">): string {
  if (type === "counter") return name.replace(/_total$/, "");
  return type === "info" ? name.replace(/_info$/, "") : name;
}

function descriptor(family: Family, format: ExpositionFormat): string {
  const help = family.help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  if (format === "text") {
    const type = family.type === "info" ? "gauge" : family.type;
    return `# HELP ${family.name} ${help}\n# TYPE ${family.name} ${type}\n`;
  }
  const name = familyName(family);
  const unit = /_(seconds|bytes|ratio|celsius|meters|volts|amperes|joules|grams)$/.exec(name)?.[1];
  const unitLine = unit === undefined || family.type === "info" ? "" : `# UNIT ${name} ${unit}\n`;
  return `# TYPE ${name} ${family.type}\n${unitLine}# HELP ${name} ${help.replaceAll('"', '\\"')}\n`;
}

function numberSamples({ name, series }: NumberFamily): string {
  let text = "";
  for (const { labels, value } of series()) text += `${name}${braced(labels)} ${formatNumber(value)}\n`;
  return text;
}

function histogramSamples({ name, bounds, series }: HistogramFamily, format: ExpositionFormat): string {
  const limits = bounds.map((bound) => `le="${formatBound(bound, format)}"} `);
  let text = "";
  for (const one of series()) {
    const start = one.labels === "" ? `${name}_bucket{` : `${name}_bucket{${one.labels},`;
    const labels = braced(one.labels);
    let count = 0;
    for (const [index, limit] of limits.entries()) {
      count += one.counts[index] ?? 0;
      text += `${start}${limit}${count}${format === "text" ? "" : exemplarOf(one, index)}\n`;
    }
    text += `${name}_sum${labels} ${formatNumber(one.sum)}\n${name}_count${labels} ${count}\n`;
  }
  return text;
}

function exemplarOf({ exemplars }: HistogramSeries, index: number): string {
  const exemplar = exemplars?.[index];
  return exemplar === undefined || !fits(exemplar)
    ? ""
    : ` # {${formatLabels(["trace_id", "span_id"], [exemplar.traceId, exemplar.spanId])}} ` +
        `${formatNumber(exemplar.value)} ${(exemplar.timeMs / 1_000).toFixed(3)}`;
}

/** OpenMetrics allows an exemplar's label names and values 128 characters in all. */
function fits({ traceId, spanId }: BucketExemplar): boolean {
  return `trace_id${traceId}span_id${spanId}`.length <= 128;
}

/** OpenMetrics wants whole numbers as `1.0`; in plain text they are `1`, as Prometheus' Go library has them. */
function formatBound(bound: number, format: ExpositionFormat): string {
  return format === "openmetrics" && Number.isInteger(bound) ? bound.toFixed(1) : formatNumber(bound);
}

function formatNumber(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}

function braced(labels: string): string {
  return labels === "" ? "" : `{${labels}}`;
}
