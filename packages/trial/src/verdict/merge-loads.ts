import { Histogram, type LoadReport } from "@seaworthy/load";
import type { TrialLoad } from "./verdict.ts";

/** What several loads, one after the other, were together. */
export function mergeLoads(reports: readonly LoadReport[]): TrialLoad {
  const latency = new Histogram();
  for (const { histograms } of reports) latency.addData(histograms.latency);
  const ms = (percentile: number) => latency.percentileNs(percentile) / 1e6;
  const sum = (count: (report: LoadReport) => number) =>
    reports.reduce((total, report) => total + count(report), 0);
  const generators = reports.map(({ generator }) => generator);
  return {
    scheduled: sum(({ scheduled }) => scheduled),
    ok: sum(({ ok }) => ok),
    failures: reports.flatMap(({ failures }) => failures),
    latency: { p50Ms: ms(50), p99Ms: ms(99), p999Ms: ms(99.9), maxMs: latency.maxNs / 1e6 },
    generator: {
      lagP99Ms: Math.max(0, ...generators.map(({ lagP99Ms }) => lagP99Ms)),
      lagMaxMs: Math.max(0, ...generators.map(({ lagMaxMs }) => lagMaxMs)),
      valid: generators.every(({ valid }) => valid),
      why: generators.find(({ valid }) => !valid)?.why,
    },
  };
}
