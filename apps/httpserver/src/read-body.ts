import type { IncomingMessage } from "node:http";

const maxBytes = 1024 * 1024;

/** The whole body, or undefined when it is larger than 1 MiB. Reads to the end either way, so that the client hears the answer. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= maxBytes) chunks.push(chunk);
  }
  return length <= maxBytes ? Buffer.concat(chunks) : undefined;
}
