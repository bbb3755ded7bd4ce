import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { AnsweredBy } from "../answers/answer-headers.ts";
import { clientGone } from "../client-gone.ts";
import { httpError } from "../answers/error-answers.ts";
import { addOperation, errorContent, type Operation } from "../openapi/operation.ts";

/** The facts that the events tell. */
export interface EventParts extends AnsweredBy {
  readonly requestsTotal: () => number;
  /** The time between two events. */
  readonly intervalMs?: number;
  readonly now?: () => number;
}

/** How many clients may listen at a time. */
const maxListeners = 100;

/** Server-sent events: who answers and how many requests come, once a second. */
export function eventRoutes(app: FastifyInstance, parts: EventParts): void {
  let listeners = 0;
  addOperation(app, eventsOperation, (request, reply) => {
    if (listeners >= maxListeners) {
      reply.header("retry-after", "10");
      throw httpError(503, "too_many_listeners", `${maxListeners} clients listen already`);
    }
    reply.type("text/event-stream").header("cache-control", "no-store");
    reply.header("x-accel-buffering", "no"); // Otherwise nginx keeps events back until its buffer is full.
    if (request.method === "HEAD") return reply.send("");
    listeners += 1;
    reply.raw.once("close", () => (listeners -= 1));
    return reply.send(Readable.from(events(parts, clientGone(reply)), { objectMode: false }));
  });
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
async function* events(parts: EventParts, signal: AbortSignal): AsyncGenerator<string> {
  const { version, podName, requestsTotal, intervalMs = 1_000, now = () => performance.now() } = parts;
  let before = { atMs: now(), total: requestsTotal() };
  yield "retry: 1000\n\n";
  while (!signal.aborted) {
    await sleep(intervalMs, undefined, { signal, ref: false });
    const after = { atMs: now(), total: requestsTotal() };
    const requestsPerSecond = ((after.total - before.total) * 1_000) / Math.max(1, after.atMs - before.atMs);
    before = after;
    const data = {
      version,
      podName,
      requestsTotal: after.total,
      requestsPerSecond: Math.round(requestsPerSecond * 10) / 10,
    };
    yield `data: ${JSON.stringify(data)}\n\n`;
  }
}

const eventsOperation: Operation = {
  method: "GET",
  url: "/events",
  summary: "Server-sent events, one a second: version, pod, requests so far and per second",
  group: "About",
  answers: {
    200: { description: "Events until the client goes away", type: "text/event-stream" },
    503: errorContent("Too many clients listen"),
  },
};
