import type { FastifyInstance, FastifyRequest } from "fastify";
import { bodyOf } from "../body-parser.ts";
import type { Cache } from "../cache.ts";
import { httpError } from "../answers/error-answers.ts";
import { addOperation, binaryContent, errorContent, type Operation } from "../openapi/operation.ts";

/** Where values are kept. */
export interface CacheParts {
  /** Undefined: no cache is configured. */
  readonly cache: Cache | undefined;
}

const maxKeyBytes = 512;
const defaultTtlSeconds = 3_600;
const maxTtlSeconds = 30 * 86_400;

/** Values in a cache that all pods share: PUT, GET and DELETE /cache/{key}. */
export function cacheRoutes(app: FastifyInstance, { cache }: CacheParts): void {
  async function ask<T>(question: (cache: Cache) => Promise<T>): Promise<T> {
    if (cache === undefined)
      throw httpError(503, "not_configured", "set CACHE_URL, such as redis://redis:6379");
    try {
      return await question(cache);
    } catch {
      throw httpError(503, "cache_away", "the cache cannot be reached"); // The log says why: the client need not know.
    }
  }

  addOperation(app, putOperation, async (request, reply) => {
    const key = keyOf(request);
    const ttlSeconds = ttlOf(request);
    await ask((cache) => cache.set(key, bodyOf(request), ttlSeconds));
    return await reply.code(204).send();
  });
  addOperation(app, getOperation, async (request, reply) => {
    const key = keyOf(request);
    const value = await ask((cache) => cache.get(key));
    if (value === undefined) throw httpError(404, "not_found", "there is no such key");
    return await reply
      .type("application/octet-stream")
      .header("x-content-type-options", "nosniff")
      .send(value);
  });
  addOperation(app, deleteOperation, async (request, reply) => {
    const key = keyOf(request);
    if (!(await ask((cache) => cache.delete(key)))) throw httpError(404, "not_found", "there is no such key");
    return await reply.code(204).send();
  });
}

function keyOf(request: FastifyRequest): string {
  const { key } = request.params as { key: string };
  const bytes = Buffer.byteLength(key);
  if (bytes < 1 || bytes > maxKeyBytes)
    throw httpError(400, "bad_key", `a key has 1 to ${maxKeyBytes} bytes`);
  return key;
}

function ttlOf(request: FastifyRequest): number {
  const { ttl = String(defaultTtlSeconds) } = request.query as { ttl?: unknown };
  const seconds = typeof ttl === "string" && /^\d{1,8}$/.test(ttl) ? Number(ttl) : 0;
  if (seconds < 1 || seconds > maxTtlSeconds)
    throw httpError(400, "bad_ttl", `ttl is a number of seconds from 1 to ${maxTtlSeconds}`);
  return seconds;
}

const key = {
  name: "key",
  in: "path",
  description: "1 to 512 bytes",
  schema: { type: "string", minLength: 1, maxLength: 512 },
  example: "greeting",
} as const;
const common = {
  400: errorContent("The key or the time cannot be meant"),
  503: errorContent("CACHE_URL is not set, or the cache cannot be reached"),
};
const noKey = errorContent("There is no such key");

const putOperation: Operation = {
  method: "PUT",
  url: "/cache/:key",
  summary: "Keeps a value of at most 1 MiB for a time",
  group: "State",
  parameters: [
    key,
    {
      name: "ttl",
      in: "query",
      description: "For how many seconds",
      schema: { type: "integer", minimum: 1, maximum: maxTtlSeconds, default: defaultTtlSeconds },
    },
  ],
  body: { description: "The value", ...binaryContent },
  answers: { 204: { description: "It is kept" }, 413: errorContent("It is larger than 1 MiB"), ...common },
};

const getOperation: Operation = {
  method: "GET",
  url: "/cache/:key",
  summary: "Gives a value back",
  group: "State",
  parameters: [key],
  answers: { 200: { description: "The value", ...binaryContent }, 404: noKey, ...common },
};

const deleteOperation: Operation = {
  method: "DELETE",
  url: "/cache/:key",
  summary: "Forgets a value",
  group: "State",
  parameters: [key],
  answers: { 204: { description: "It is gone" }, 404: noKey, ...common },
};
