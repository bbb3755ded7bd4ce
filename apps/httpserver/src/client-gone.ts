import type { FastifyReply } from "fastify";

/**
 * Aborts when the client goes away before its answer is complete. Fastify's `request.signal` already aborts
 * when the request's body has been read.
 */
export function clientGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once("close", () => {
    // Not writableFinished: over HTTP/2 that is true of an answer that was given up, too.
    if (!reply.raw.writableEnded) controller.abort();
  });
  return controller.signal;
}
