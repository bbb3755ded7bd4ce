import { countText } from "@seaworthy/load";
import { lostOf, whatWasDone, type Verdict } from "@seaworthy/trial";

/** The verdicts as headlines. */
export const headings: Readonly<Record<Verdict["verdict"], string>> = {
  seaworthy: "Seaworthy",
  leaking: "Leaking",
  unproven: "Unproven",
  invalid: "Proves nothing",
};

/** `0 of 3,000 requests lost in 6 pod ends`. */
export function lostSentence(
  run: Pick<Verdict, "requests" | "unavoidable" | "terminations" | "scenarios">,
): string {
  const killed = run.unavoidable === 0 ? "" : `, and ${countText(run.unavoidable)} that no field saves`;
  return `${countText(lostOf(run))} of ${countText(run.requests.scheduled)} requests lost${killed} in ${whatWasDone(run)}`;
}
