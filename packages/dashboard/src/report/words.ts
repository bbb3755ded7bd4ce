import { countText } from "@seaworthy/load";
import type { Finding, Verdict } from "@seaworthy/trial";

/** The verdicts as headlines. */
export const headings: Readonly<Record<Verdict["verdict"], string>> = {
  seaworthy: "Seaworthy",
  leaking: "Leaking",
  unproven: "Unproven",
  invalid: "Proves nothing",
};

/** `0 of 3,000 requests lost in 6 pod ends`. */
export function lostSentence({ requests, terminations }: Pick<Verdict, "requests" | "terminations">): string {
  return `${countText(requests.failed)} of ${countText(requests.scheduled)} requests lost in ${terminations} pod end${terminations === 1 ? "" : "s"}`;
}

/** Findings that no cause of the same name tells already. */
export function shownFindings({ findings, causes }: Pick<Verdict, "findings" | "causes">): Finding[] {
  return findings.filter(
    ({ id, deployment }) => !causes.some((cause) => cause.cause === id && cause.deployment === deployment),
  );
}
