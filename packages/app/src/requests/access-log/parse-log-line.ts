import { jsonLine } from "./json-line.ts";
import type { LoggedRequest } from "./logged-request.ts";
import { textLine } from "./text-line.ts";

/** What container runtimes and `kubectl logs --timestamps` put before a line. */
const prefix = /^\d{4}-\d\d-\d\dT\S+ (?:(?:stdout|stderr) [FP] )?/;

/** The request that a line of an access log tells of; undefined for any other line. */
export function parseLogLine(line: string): LoggedRequest | undefined {
  const text = line[4] === "-" ? line.replace(prefix, "") : line;
  return text.startsWith("{") ? jsonLine(text) : textLine(text);
}
