import { countText } from "@seaworthy/load";
import { lostOf, streamsSentence, whatWasDone, type Verdict } from "@seaworthy/trial";

/** The verdicts as headlines. */
export const headings: Readonly<Record<Verdict["verdict"], string>> = {
  seaworthy: "Seaworthy",
  leaking: "Leaking",
  unproven: "Unproven",
  invalid: "Proves nothing",
};

/** `0 of 3,000 requests lost in 6 pod ends`. */
export function lostSentence(
  run: Pick<Verdict, "requests" | "unavoidable" | "terminations" | "scenarios" | "streams">,
): string {
  const streams = run.streams === undefined ? "" : `; ${streamsSentence(run.streams)}`;
  const killed = run.unavoidable === 0 ? "" : `, and ${countText(run.unavoidable)} that no field saves`;
  return `${countText(lostOf(run))} of ${countText(run.requests.scheduled)} requests lost${killed} in ${whatWasDone(run)}${streams}`;
}
