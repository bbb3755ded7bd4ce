import { countText } from "@seaworthy/load";
import type { Finding, Verdict } from "@seaworthy/trial";

/** The verdicts as headlines. */
export const headings: Readonly<Record<Verdict["verdict"], string>> = {
  seaworthy: "Seaworthy",
  leaking: "Leaking",
  unproven: "Unproven",
  invalid: "Proves nothing",
};

/** Requests that were lost though they could have been saved. What went with pods that the trial killed counts against nobody. */
export function lostOf({ requests, unavoidable }: Pick<Verdict, "requests" | "unavoidable">): number {
  return requests.failed - unavoidable;
}

/** `0 of 3,000 requests lost in 6 pod ends`. */
export function lostSentence(run: Pick<Verdict, "requests" | "unavoidable" | "terminations">): string {
  const killed = run.unavoidable === 0 ? "" : `, and ${countText(run.unavoidable)} with killed pods`;
  return `${countText(lostOf(run))} of ${countText(run.requests.scheduled)} requests lost${killed} in ${run.terminations} pod end${run.terminations === 1 ? "" : "s"}`;
}

/** Findings that no cause of the same name tells already. */
export function shownFindings({ findings, causes }: Pick<Verdict, "findings" | "causes">): Finding[] {
  return findings.filter(
    ({ id, deployment }) => !causes.some((cause) => cause.cause === id && cause.deployment === deployment),
  );
}
