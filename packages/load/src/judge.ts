import type { Ending, Flight } from "./flight.ts";
import type { LoadPlan } from "./plan.ts";
import type { ResponseParser } from "./response-parser.ts";

/** What a complete answer is worth. An answer to somebody else's request is worse than a bad status, so it is looked at first. */
export function judge(
  answer: ResponseParser,
  flight: Flight,
  extraBytes: number,
  plan: Pick<LoadPlan, "goodStatus" | "recordHeaders">,
): Ending {
  const seen = { status: answer.status, ...recorded(answer.headers, plan.recordHeaders) };
  const echo = answer.headers.get("x-seaworthy-echo");
  if (echo !== undefined && echo !== flight.token) {
    return { ...seen, class: "wrong-body", detail: `the answer is for the request ${echo.slice(0, 80)}` };
  }
  if (extraBytes > 0) return { ...seen, class: "wrong-body", detail: "bytes after the end of the answer" };
  const [from, to] = plan.goodStatus;
  if (answer.status < from || answer.status > to) return { ...seen, class: "bad-status" };
  return { ...seen, class: "ok" };
}

/** The headers to be recorded that an answer has, or nothing. */
export function recorded(
  headers: ReadonlyMap<string, string>,
  names: readonly string[],
): { headers?: Readonly<Record<string, string>> } {
  let found: Record<string, string> | undefined;
  for (const name of names) {
    const value = headers.get(name);
    if (value !== undefined) (found ??= {})[name] = value;
  }
  return found === undefined ? {} : { headers: found };
}
