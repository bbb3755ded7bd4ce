import type { LoadReport, RateWindow } from "@seaworthy/load";

/** What a run at a steady rate showed once it had settled, until its last request became due. */
export function rateWindow(
  report: Pick<LoadReport, "intervals" | "failed" | "latency" | "generator">,
  { settleMs, holdMs }: { readonly settleMs: number; readonly holdMs: number },
): RateWindow {
  const own = report.intervals.filter(({ fromMs }) => fromMs >= settleMs && fromMs < settleMs + holdMs);
  const sum = (name: "scheduled" | "ok") => own.reduce((all, interval) => all + interval[name], 0);
  return {
    scheduled: sum("scheduled"),
    ok: sum("ok"),
    failed: report.failed,
    p99Ms: report.latency.p99Ms,
    inFlight: own.map(({ inFlight }) => inFlight),
    doubt: report.generator.valid ? undefined : (report.generator.why ?? "the generator was late"),
  };
}
