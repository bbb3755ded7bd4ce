import type { Finding } from "../causes/finding.ts";
import { fewestTerminations, roundsFor } from "./proof.ts";
import type { Verdict, VerdictInput } from "./verdict.ts";

/** Fewer requests than this say nothing about a rollout. */
const fewestRequests = 100;

/** What a run is worth, from its numbers and its findings. */
export function judge(
  input: Pick<VerdictInput, "report" | "terminations" | "scenarios"> & {
    readonly findings: readonly Finding[];
  },
): { readonly verdict: Verdict["verdict"]; readonly why?: string } {
  const { report, terminations, scenarios, findings } = input;
  if (!report.generator.valid) {
    const lag = `the load generator itself lagged (p99 ${report.generator.lagP99Ms.toFixed(1)} ms)`;
    return { verdict: "invalid", why: report.generator.why ?? lag };
  }
  const lost = report.failures.length;
  if (lost > 0) return { verdict: "leaking", why: `${lost} of ${report.scheduled} requests were lost` };
  const denying = findings.filter(({ denies }) => denies);
  if (denying.length > 0) return { verdict: "leaking", why: denying.map(({ text }) => text).join("; ") };
  const problem = scenarios.find((scenario) => scenario.problem !== undefined)?.problem;
  if (problem !== undefined) return { verdict: "invalid", why: problem };
  if (terminations === 0) return { verdict: "invalid", why: "no pod was seen to end, so nothing was tried" };
  if (report.scheduled < fewestRequests) {
    return {
      verdict: "invalid",
      why: `only ${report.scheduled} requests were sent, fewer than ${fewestRequests}`,
    };
  }
  if (terminations >= fewestTerminations) return { verdict: "seaworthy" };
  const rounds = scenarios.reduce((sum, scenario) => sum + scenario.rounds, 0);
  const needed = roundsFor(fewestTerminations, terminations, rounds);
  return {
    verdict: "unproven",
    why: `only ${terminations} ${terminations === 1 ? "pod" : "pods"} ended, and luck alone gives as much: --rounds ${needed} ends ${fewestTerminations} or more`,
  };
}
