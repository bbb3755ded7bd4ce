import type { LoadReport } from "../measure/load-report.ts";
import { countText, percentText } from "./number-text.ts";
import { brokenStreams, streamLine } from "./stream-rows.ts";

/** The result of a run, in one word and one line. */
export interface Headline {
  readonly verdict: "ok" | "failures" | "invalid";
  /** `0 of 30,000 requests failed`, or `INVALID: why`. */
  readonly text: string;
  /** Remarks to read with the headline: what a closed loop hides, what a run without failures proves. */
  readonly remarks: readonly string[];
}

/** The first thing to read of a report. An invalid run says nothing about the server, so its reason comes first. */
export function headlineOf(report: LoadReport): Headline {
  const { generator, failed } = report;
  const streams = streamLine(report.streams);
  const requests = `${countText(failed)} of ${countText(tried(report))} requests failed`;
  const counts = streams === undefined ? requests : `${requests}; ${streams}`;
  const closed = report.loop === "closed" ? ["closed loop: latency hides what a stall delays"] : [];
  if (!generator.valid)
    return {
      verdict: "invalid",
      text: `INVALID: ${generator.why ?? "no reason was given"}`,
      remarks: [`it proves nothing; for what it is worth, ${counts}`, ...closed],
    };
  const bound = upperBound95(report);
  return {
    verdict: failed === 0 && brokenStreams(report) === 0 ? "ok" : "failures",
    text: counts,
    remarks: [
      ...(bound === undefined
        ? []
        : [`that bounds it: fewer than ${percentText(bound)} of such requests fail (95 %)`]),
      ...closed,
    ],
  };
}

/**
 * The upper bound, with 95 % confidence, of the true share of failing requests when none of n failed: 3/n, the rule of three.
 * Undefined when a request failed, or when so few were sent that nothing is bounded.
 */
export function upperBound95(report: LoadReport): number | undefined {
  const requests = tried(report);
  return report.failed > 0 || requests < 4 ? undefined : 3 / requests;
}

/** Requests that have an outcome. */
export function tried({ ok, failed }: LoadReport): number {
  return ok + failed;
}
