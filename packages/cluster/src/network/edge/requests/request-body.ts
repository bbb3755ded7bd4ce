import type { Readable } from "node:stream";
import type { EdgeRequest } from "./edge-request.ts";

/** A request's body as the proxy holds it. */
export type RequestBody =
  | { readonly kind: "none" }
  | { readonly kind: "whole"; readonly bytes: Buffer }
  | { readonly kind: "flowing"; readonly stream: Readable | Buffer }
  | { readonly kind: "too-large" }
  | { readonly kind: "aborted" };

/** Takes a request's body: read whole when `maxBytes` is given (0: without a bound, and then it flows), else flowing. */
export function takeBody(
  { headers, body }: EdgeRequest,
  maxBytes: number | undefined,
): RequestBody | Promise<RequestBody> {
  if (body === undefined) return { kind: "none" };
  if (maxBytes === undefined || maxBytes === 0) return { kind: "flowing", stream: body };
  if (Number(headers["content-length"] ?? 0) > maxBytes) return { kind: "too-large" };
  if (Buffer.isBuffer(body)) return { kind: "whole", bytes: body };
  return readWhole(body, maxBytes);
}

async function readWhole(body: Readable, maxBytes: number): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      size += (chunk as Buffer).length;
      if (size > maxBytes) return { kind: "too-large" };
      chunks.push(chunk as Buffer);
    }
  } catch {
    return { kind: "aborted" };
  }
  return { kind: "whole", bytes: Buffer.concat(chunks, size) };
}
