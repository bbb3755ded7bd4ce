import { neverEchoed } from "../../apps/httpserver/src/answers/echoed-headers.ts";
import type { Answer } from "./answer-reader.ts";
import { dangerous } from "./dangerous-headers.ts";
import { words } from "./dice.ts";
import type { FuzzCase } from "./fuzz-case.ts";

/** What the server says by itself. */
const own = new Set([
  ...words(
    "date connection keep-alive content-length transfer-encoding content-type version x-seaworthy-echo",
  ),
  ...words("x-content-type-options content-security-policy allow vary cache-control referrer-policy upgrade"),
  ...words("www-authenticate etag x-frame-options location"),
]);
const neverRepeated = new Set([...neverEchoed, ...dangerous]);

/** Says what is wrong about an answer to a case; undefined: nothing is. */
export function judgeAnswer(fuzzCase: FuzzCase, { status, headers, body }: Answer): string | undefined {
  if (!isRightStatus(fuzzCase, status))
    return `status ${status}, not ${fuzzCase.statuses?.join(" or ") ?? "below 500"}`;
  if (fuzzCase.body !== undefined && status === 200 && body !== fuzzCase.body)
    return "another body came back";
  const { copied } = fuzzCase;
  if (copied !== undefined && !headers.some(([name]) => name === copied))
    return `${copied} did not come back`;
  for (const [name, value] of headers) {
    const problem = judgeHeader(fuzzCase, name, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function judgeHeader({ echo, marker, bytes }: FuzzCase, name: string, value: string): string | undefined {
  if (marker !== undefined && value.includes(marker)) return `${name} repeats what is not to be repeated`;
  if (own.has(name)) return undefined;
  if (neverRepeated.has(name)) return `${name} is never repeated`;
  const sent = echo === "as sent" ? sentIn(bytes, name, value) : echo?.get(name);
  if (sent === undefined) return `nobody sent ${name}: ${value}`;
  const all = sent.join(", ").replace(/[\t ]+$/, "");
  return sent.includes(value) || all === value ? undefined : `${name} came back changed`;
}

/** The value, if a header with the beginning of it stands somewhere in the bytes. */
function sentIn(bytes: string, name: string, value: string): readonly string[] | undefined {
  const [start = ""] = value.split(", ");
  return bytes.toLowerCase().includes(`${name}:`) && bytes.includes(start) ? [value] : undefined;
}

/** 501 and 505 are about what the client asked for. */
function isRightStatus({ statuses, connection }: FuzzCase, status: number): boolean {
  if (statuses !== undefined) return statuses.includes(status);
  return status < 500 || (connection === "cut" && (status === 501 || status === 505));
}
