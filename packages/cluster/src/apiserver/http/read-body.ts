import type { IncomingMessage } from "node:http";

/** Reads the body of a request whole; undefined when it is longer than `limit` bytes, the rest of which is then left. */
export function readBody(message: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const { "content-length": length, "transfer-encoding": encoding } = message.headers;
  if ((length === undefined || length === "0") && encoding === undefined)
    return Promise.resolve(Buffer.alloc(0));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on("data", (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= limit) return;
      message.removeAllListeners("data");
      message.pause();
      resolve(undefined);
    });
    message.once("end", () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    message.once("error", reject);
    message.once("close", () => {
      // It comes after each request, and an error that nobody sees takes time to make.
      if (!message.complete) reject(new Error("the request ended before its body"));
    });
  });
}
