import type { Finding } from "../causes/finding.ts";
import { lostText } from "./lost-text.ts";
import { fewestTerminations, roundsFor } from "./proof.ts";
import { lostStreams, streamsSentence, type StreamsVerdict } from "./streams-verdict.ts";
import type { Verdict, VerdictInput } from "./verdict.ts";

/** Fewer requests than this say nothing about a rollout. */
const fewestRequests = 100;

/** What a run is worth, from its numbers and its findings. */
export function judge(
  input: Pick<VerdictInput, "report" | "terminations" | "scenarios" | "endsPods"> & {
    readonly findings: readonly Finding[];
    /** Requests that were surely lost though they could have been saved. */
    readonly lost: number;
    readonly streams: StreamsVerdict | undefined;
  },
): { readonly verdict: Verdict["verdict"]; readonly why?: string } {
  const { report, terminations, scenarios, findings, endsPods, lost, streams } = input;
  // A loss in a scenario whose load was in time is one, whatever befell the others.
  const isShown = scenarios.some((scenario) => scenario.verdict === "leaking");
  if (!report.generator.valid && !isShown) {
    const lag = `the load generator itself lagged (p99 ${report.generator.lagP99Ms.toFixed(1)} ms)`;
    return { verdict: "invalid", why: report.generator.why ?? lag };
  }
  if (lost > 0) return { verdict: "leaking", why: lostText(lost, report.scheduled) };
  if (streams !== undefined && lostStreams(streams) > 0)
    return { verdict: "leaking", why: `no request was lost, but streams were: ${streamsSentence(streams)}` };
  const doubted = scenarios.find(
    (scenario) => scenario.verdict === "invalid" && scenario.problem === undefined,
  );
  if (doubted?.why !== undefined) return { verdict: "invalid", why: doubted.why };
  const denying = findings.filter(({ denies }) => denies);
  if (denying.length > 0) return { verdict: "leaking", why: denying.map(({ text }) => text).join("; ") };
  const problem = scenarios.find((scenario) => scenario.problem !== undefined)?.problem;
  if (problem !== undefined) return { verdict: "invalid", why: problem };
  if (scenarios.length === 0)
    return { verdict: "invalid", why: "no scenario makes sense of these manifests" };
  if (endsPods && terminations === 0)
    return { verdict: "invalid", why: "no pod was seen to end, so nothing was tried" };
  if (report.scheduled < fewestRequests) {
    return {
      verdict: "invalid",
      why: `only ${report.scheduled} requests were sent, fewer than ${fewestRequests}`,
    };
  }
  if (!endsPods || terminations >= fewestTerminations) return { verdict: "seaworthy" };
  const rounds = scenarios.reduce((sum, scenario) => sum + scenario.rounds, 0);
  const needed = roundsFor(fewestTerminations, terminations, rounds);
  return {
    verdict: "unproven",
    why: `only ${terminations} ${terminations === 1 ? "pod" : "pods"} ended, and luck alone gives as much: --rounds ${needed} ends ${fewestTerminations} or more`,
  };
}
