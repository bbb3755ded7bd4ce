import type { ServerResponse } from "node:http";
import type { EncodedAnswer } from "./encode-answer.ts";

/** Writes an answer to its connection; resolves when all of it is handed over, or the client has gone. */
export async function sendResponse(
  { status, headers, body }: EncodedAnswer,
  response: ServerResponse,
): Promise<void> {
  if (typeof body === "string" || body instanceof Uint8Array) {
    const isLong = body.length > longText;
    // Node puts head and body of a text into one, which would copy a long one again.
    const whole = isLong && typeof body === "string" ? Buffer.from(body) : body;
    // With its length known, head and body go out together.
    response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(whole) });
    response.end(whole);
    return;
  }
  response.writeHead(status, headers);
  // The client waits for the headers of a watch before anything happens in it.
  response.flushHeaders();
  for await (const chunk of body) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await drained(response);
  }
  response.end();
}

const longText = 256 * 1024;

async function drained(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  response.once("drain", resolve);
  response.once("close", resolve);
  await promise;
  response.off("drain", resolve);
  response.off("close", resolve);
}
