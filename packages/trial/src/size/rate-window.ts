import type { LoadReport, RateWindow } from "@seaworthy/load";

/** What a run at a steady rate showed, in the time in which its requests became due. */
export function rateWindow(
  report: Pick<LoadReport, "intervals" | "failed" | "latency" | "generator">,
  holdMs: number,
): RateWindow {
  const own = report.intervals.filter(({ fromMs }) => fromMs < holdMs);
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
