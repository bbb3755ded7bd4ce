import type { FastifyInstance, FastifyRequest } from "fastify";
import { bodyOf } from "../body-parser.ts";
import { clientGone } from "../client-gone.ts";
import { forward, type Forwarded } from "../forward.ts";
import { addOperation, jsonContent, type Operation } from "../openapi/operation.ts";
import { sendEcho } from "./echo-routes.ts";

/** The backends to ask, and how. */
export interface ForwardParts {
  readonly backendUrls: readonly string[];
  readonly backendTimeoutMs: number;
  /** The headers by which the backends' spans join the trace of a request. */
  readonly propagationHeaders: (request: FastifyRequest["raw"]) => Readonly<Record<string, string>>;
}

/** /echo asks all backends at the same time and gathers what they answer. Without backends it is an echo. */
export function forwardRoutes(app: FastifyInstance, parts: ForwardParts): void {
  const { backendUrls, backendTimeoutMs, propagationHeaders } = parts;
  addOperation(app, echoOperation, async (request, reply) => {
    if (backendUrls.length === 0) return sendEcho(request, reply);
    const isPost = request.method === "POST";
    const headers: Record<string, string> = { ...propagationHeaders(request.raw) };
    if (isPost) headers["content-type"] = request.headers["content-type"] ?? "application/octet-stream";
    const body = isPost ? bodyOf(request) : undefined;
    const signal = clientGone(reply);
    const results = await Promise.all(
      backendUrls.map(
        async (url) => await forward({ url, headers, body, timeoutMs: backendTimeoutMs, signal }),
      ),
    );
    const failed = results.filter(hasFailed).length;
    if (failed === 0) return { results };
    const message = `${failed} of ${results.length} backends failed`;
    return await reply.code(502).send({ error: { code: "backend_failed", message }, results });
  });
}

function hasFailed({ status }: Forwarded): boolean {
  return status >= 500;
}

const results = {
  type: "object",
  properties: {
    results: {
      type: "array",
      items: {
        type: "object",
        required: ["url", "status", "durationMs"],
        properties: {
          url: { type: "string" },
          status: { type: "integer", description: "502 and 504 also when it did not answer" },
          durationMs: { type: "number" },
          body: { type: "string" },
          truncated: { type: "boolean" },
          error: { type: "string" },
        },
      },
    },
  },
};

const echoOperation: Operation = {
  method: ["GET", "POST"],
  url: "/echo",
  summary:
    "Asks every backend of BACKEND_URLS the same and gathers their answers; an echo when there are none",
  group: "Echo",
  answers: {
    200: jsonContent("What each backend answered", results),
    502: jsonContent("The same, and at least one backend failed", results),
  },
};
