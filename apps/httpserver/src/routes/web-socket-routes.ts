import type { FastifyInstance } from "fastify";
import { sendError } from "../answers/error-answers.ts";
import { addOperation, errorContent, type Operation } from "../openapi/operation.ts";
import { webSocketPath } from "../web-socket-echo.ts";

/** Tells a plain request at the WebSocket's path what to do: RFC 9110, section 15.5.22. */
export function webSocketRoutes(app: FastifyInstance): void {
  addOperation(app, webSocketOperation, (request, reply) => {
    if (request.raw.httpVersionMajor > 1)
      return sendError(reply, 501, "http1_only", "WebSocket is spoken over HTTP/1.1 here");
    // Node adds nothing to a Connection header that is set here, so the header must also say `close`.
    const { shouldKeepAlive } = reply.raw;
    reply.header("upgrade", "websocket").header("connection", shouldKeepAlive ? "upgrade" : "upgrade, close");
    return sendError(reply, 426, "upgrade_required", "speak WebSocket here");
  });
}

const webSocketOperation: Operation = {
  method: "GET",
  url: webSocketPath,
  summary: "A WebSocket that sends every message back, of at most 1 MiB each",
  group: "Echo",
  answers: {
    101: { description: "The connection is a WebSocket from here on" },
    426: errorContent("The request does not ask for a WebSocket"),
    501: errorContent("The request came over HTTP/2"),
  },
};
