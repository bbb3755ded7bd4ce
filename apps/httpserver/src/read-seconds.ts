import { httpError } from "./answers/error-answers.ts";

/** The longest that a request may ask to be kept waiting. */
const maxSeconds = 60;

/** Milliseconds from seconds in a URL: 0 to 60, with decimals. Anything else has a 400. */
export function readSecondsAsMs(text: string): number {
  const seconds = /^\d{1,2}(\.\d{1,3})?$/.test(text) ? Number(text) : NaN;
  if (!(seconds <= maxSeconds)) {
    throw httpError(400, "bad_seconds", `use seconds from 0 to ${maxSeconds}, such as 0.5`);
  }
  return seconds * 1_000;
}
