import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { clientGone } from "../client-gone.ts";
import { addOperation, errorContent, jsonContent, type Operation } from "../openapi/operation.ts";
import { readSecondsAsMs } from "../read-seconds.ts";

/** Answers that take their time: /delay/{seconds}, /chunked, /chunked/{seconds}. */
export function delayRoutes(app: FastifyInstance): void {
  addOperation(app, delayOperation, async (request, reply) => {
    const ms = readSecondsAsMs(secondsOf(request));
    try {
      await sleep(ms, undefined, { signal: clientGone(reply) });
    } catch {
      return reply.hijack(); // The client has gone away: nobody is left to answer.
    }
    return { delay: ms / 1_000 };
  });
  addOperation(app, chunkedOperation, (request, reply) => sendChunks(request, reply, defaultMs));
  addOperation(app, chunkedSecondsOperation, (request, reply) =>
    sendChunks(request, reply, readSecondsAsMs(secondsOf(request))),
  );
}

const defaultMs = 3_000;
const chunkCount = 10;

function sendChunks(request: FastifyRequest, reply: FastifyReply, ms: number): FastifyReply {
  reply.type("application/x-ndjson");
  if (request.method === "HEAD") return reply.send("");
  return reply.send(Readable.from(chunks(ms, clientGone(reply)), { objectMode: false }));
}

/** The first chunk comes at once and the last when the time is over. */
async function* chunks(ms: number, signal: AbortSignal): AsyncGenerator<string> {
  for (let chunk = 1; chunk <= chunkCount; chunk++) {
    if (chunk > 1) await sleep(ms / (chunkCount - 1), undefined, { signal });
    yield `${JSON.stringify({ chunk, of: chunkCount })}\n`;
  }
}

function secondsOf(request: FastifyRequest): string {
  return (request.params as { seconds: string }).seconds;
}

const seconds = {
  name: "seconds",
  in: "path",
  description: "How long it takes, 0 to 60",
  schema: { type: "number", minimum: 0, maximum: 60 },
  example: 1,
} as const;
const badSeconds = errorContent("Not a number of seconds from 0 to 60");

const delayOperation: Operation = {
  method: "GET",
  url: "/delay/:seconds",
  summary: "Answers after some seconds",
  group: "Behaviour",
  parameters: [seconds],
  answers: { 200: jsonContent("The delay in seconds", { type: "object" }, { delay: 1 }), 400: badSeconds },
};

const ndjson = { description: "Ten lines of JSON, each when it is due", type: "application/x-ndjson" };

const chunkedOperation: Operation = {
  method: "GET",
  url: "/chunked",
  summary: "Streams ten chunks over three seconds",
  group: "Behaviour",
  answers: { 200: ndjson },
};

const chunkedSecondsOperation: Operation = {
  method: "GET",
  url: "/chunked/:seconds",
  summary: "Streams ten chunks over some seconds",
  group: "Behaviour",
  parameters: [seconds],
  answers: { 200: ndjson, 400: badSeconds },
};
