import type { IncomingHttpHeaders } from "node:http2";
import { AnswerHead } from "../http/answer-head.ts";

/** The head of an answer over HTTP/2. */
export function http2Head(headers: IncomingHttpHeaders): AnswerHead {
  return new AnswerHead(Number(headers[":status"]), http2Fields(headers), true);
}

/** The fields of a head, or of trailers, without those of the protocol itself. */
export function http2Fields(headers: IncomingHttpHeaders): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !name.startsWith(":")) fields.set(name, String(value));
  }
  return fields;
}
