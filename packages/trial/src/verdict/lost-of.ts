import type { Verdict } from "./verdict.ts";

/** Requests that were lost though they could have been saved. What went with pods or an edge that the trial ended counts against nobody. */
export function lostOf({ requests, unavoidable }: Pick<Verdict, "requests" | "unavoidable">): number {
  return requests.failed - unavoidable;
}
