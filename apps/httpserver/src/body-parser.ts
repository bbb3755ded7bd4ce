import type { FastifyInstance, FastifyRequest } from "fastify";
import { httpError } from "./answers/error-answers.ts";

/** The largest body that is taken: 1 MiB. */
export const maxBodyBytes = 1024 * 1024;
/** A body beyond the limit is read and thrown away up to here, so that its client gets to read the answer. */
const maxDiscardedBytes = 8 * maxBodyBytes;

/** Reads every body, whatever its type, as bytes. A body that is too large gets 413, also when its length was not announced. */
export function parseBodies(app: FastifyInstance): void {
  app.addHook("onRequest", (request, _reply, done) => {
    // Fastify takes a request without length and type for empty. Over HTTP/2 it can have a body: RFC 9113, 8.1.1.
    if (request.raw.httpVersionMajor === 2) request.headers["content-type"] ??= "application/octet-stream";
    done();
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (request, payload, done) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const end = (error: Error | null): void => {
      payload.off("data", take).off("end", finish).off("error", abort).off("close", abort);
      if (error === null) done(null, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
      else done(error);
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length <= maxBodyBytes) chunks.push(chunk);
      else if (length > maxDiscardedBytes) end(tooLarge());
    };
    const finish = (): void => end(length <= maxBodyBytes ? null : tooLarge());
    const abort = (): void => end(httpError(400, "body_incomplete", "the body ended early"));
    if (Number(request.headers["content-length"]) > maxDiscardedBytes) done(tooLarge());
    else payload.on("data", take).once("end", finish).once("error", abort).once("close", abort);
  });
}

/** The body as bytes. A request without a body has no bytes. */
export function bodyOf(request: FastifyRequest): Buffer<ArrayBuffer> {
  return Buffer.isBuffer(request.body) ? (request.body as Buffer<ArrayBuffer>) : Buffer.alloc(0);
}

/** The body as a JSON object. No body is an empty object; anything else has a 400. */
export function jsonBodyOf(request: FastifyRequest): Record<string, unknown> {
  const body = bodyOf(request);
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw httpError(400, "bad_json", `the body is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw httpError(400, "bad_json", "the body is not a JSON object");
  return value as Record<string, unknown>;
}

function tooLarge(): Error {
  return httpError(413, "body_too_large", `a body may have ${maxBodyBytes} bytes`);
}
