import { Histogram, type LoadReport, type Split, type StreamReport } from "@seaworthy/load";
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
    byRequest: mergeKinds(reports),
    failures: reports.flatMap(({ failures }) => failures),
    streams: mergeStreams(reports),
    streamEnds: reports.flatMap(({ streamEnds }) => streamEnds),
    latency: { p50Ms: ms(50), p99Ms: ms(99), p999Ms: ms(99.9), maxMs: latency.maxNs / 1e6 },
    generator: {
      lagP99Ms: Math.max(0, ...generators.map(({ lagP99Ms }) => lagP99Ms)),
      lagMaxMs: Math.max(0, ...generators.map(({ lagMaxMs }) => lagMaxMs)),
      valid: generators.every(({ valid }) => valid),
      why: generators.find(({ valid }) => !valid)?.why,
    },
  };
}

function mergeStreams(reports: readonly LoadReport[]): StreamReport[] {
  const all = reports.flatMap(({ streams }) => streams);
  const alike = Map.groupBy(all, ({ kind, target, path }) => `${kind} ${target} ${path}`);
  return [...alike.values()].map((group) =>
    group.reduce((sum, each) => ({
      ...sum,
      opened: sum.opened + each.opened,
      announced: sum.announced + each.announced,
      broken: sum.broken + each.broken,
      refused: sum.refused + each.refused,
      refusal: each.refusal ?? sum.refusal,
      longestWithoutMs: Math.max(sum.longestWithoutMs, each.longestWithoutMs),
    })),
  );
}

function mergeKinds(reports: readonly LoadReport[]): Record<string, Split> {
  const names = new Set(reports.flatMap(({ byRequest }) => Object.keys(byRequest)));
  const merged = [...names].map((name): [string, Split] => {
    const latency = new Histogram();
    const own = reports.flatMap(({ byRequest }) => byRequest[name] ?? []);
    for (const { histograms } of reports) {
      const data = histograms.byRequest.get(name);
      if (data !== undefined) latency.addData(data);
    }
    const ms = (percentile: number) => latency.percentileNs(percentile) / 1e6;
    const ok = own.reduce((sum, each) => sum + each.ok, 0);
    const failed = own.reduce((sum, each) => sum + each.failed, 0);
    return [name, { ok, failed, p50Ms: ms(50), p99Ms: ms(99), maxMs: latency.maxNs / 1e6 }];
  });
  return Object.fromEntries(merged.toSorted(([, left], [, right]) => right.ok - left.ok));
}
