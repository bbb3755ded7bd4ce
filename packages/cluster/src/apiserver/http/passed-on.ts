import type { IncomingHttpHeaders } from "node:http";
import type { ApiResponse } from "@seaworthy/client";
import type { EncodedAnswer } from "./encode-answer.ts";

/**
 * An answer that somebody else gave and that is passed on byte by byte, whatever the client accepts. A carrier that has
 * text only, as in this process, takes it as text.
 */
export interface PassedOnAnswer extends ApiResponse {
  readonly passedOn: EncodedAnswer;
}

/** Makes an answer of somebody else's. */
export function passOn(
  status: number,
  headers: IncomingHttpHeaders,
  body: AsyncIterable<Uint8Array>,
): PassedOnAnswer {
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const passedOn: EncodedAnswer = { status, headers: Object.fromEntries(kept), body };
  return { status, headers: {}, body: decoded(body), passedOn };
}

/** Only one of the two bodies is read. */
async function* decoded(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const bytes of body) yield decoder.decode(bytes, { stream: true });
}

/** The answer as it was given; undefined for one of our own. */
export function passedOnAnswer(answer: ApiResponse): EncodedAnswer | undefined {
  return "passedOn" in answer ? (answer as PassedOnAnswer).passedOn : undefined;
}
