import { setRoute } from "@seaworthy/service";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { echoMethods } from "../answers/allowed-methods.ts";
import { bodyOf } from "../body-parser.ts";
import { configuredAnswer, type ConfiguredRoutes } from "../settings/configured-routes.ts";
import { echoedHeaders } from "../answers/echoed-headers.ts";
import { sendError } from "../answers/error-answers.ts";
import { addOperation, errorContent, type Operation } from "../openapi/operation.ts";
import type { SendPage } from "../pages/page.ts";
import { prefersHtml } from "../answers/prefers-html.ts";

/** The parts that decide the answer at paths of no other route. */
export interface EchoParts {
  /** The routes of the configuration as it is now. */
  readonly configuredRoutes: () => ConfiguredRoutes;
  /** The answer at a path that is in no configuration. */
  readonly unmatched: "echo" | "404";
  /** The methods at a path of another route. A request that comes here with such a path has none of these methods. */
  readonly allowedMethods: (path: string) => string | undefined;
  /** Sends the page that a browser gets at `/`. */
  readonly sendFrontPage: SendPage;
}

/** Answers everywhere else: the routes of the configuration, and an echo at any other path. */
export function echoRoutes(app: FastifyInstance, parts: EchoParts): void {
  const { configuredRoutes, unmatched, allowedMethods, sendFrontPage } = parts;
  const answer = (request: FastifyRequest, reply: FastifyReply, path: string): FastifyReply => {
    const routes = configuredRoutes();
    const content = routes.size > 0 && isRead(request.method) ? routes.get(path) : undefined;
    if (content !== undefined) {
      setRoute(request.raw, path); // The path is a label of metrics: there are only as many as the configuration has.
      return reply.type(plainText).send(configuredAnswer(path, content));
    }
    if (unmatched === "echo") return sendEcho(request, reply);
    reply.callNotFound();
    return reply;
  };
  addOperation(app, root, (request, reply) => {
    const isBrowser = isRead(request.method) && prefersHtml(request.headers.accept);
    return isBrowser ? sendFrontPage(reply.header("vary", "accept")) : answer(request, reply, "/");
  });
  addOperation(app, anyPath, (request, reply) => {
    const path = pathOf(request.url);
    const allow = allowedMethods(path);
    return allow === undefined ? answer(request, reply, path) : refuseMethod(request, reply, allow);
  });
}

/** Refuses a method, because an echo would say that all is well: RFC 9110, sections 15.5.6 and 9.3.7. */
function refuseMethod(request: FastifyRequest, reply: FastifyReply, allow: string): FastifyReply {
  reply.header("allow", allow);
  if (request.method === "OPTIONS") return reply.code(204).send();
  return sendError(reply, 405, "method_not_allowed", `this path takes ${allow}`);
}

/** Copies the request's headers to the answer; POST, PUT and PATCH have their body back. */
export function sendEcho(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const echoed = echoedHeaders(request.headers);
  for (const [name, value] of echoed) reply.header(name, value);
  const { method } = request;
  if (method !== "POST" && method !== "PUT" && method !== "PATCH") {
    const text = `${method} ${request.url}\n`;
    // Node writes a head in the encoding of the text behind it, and UTF-8 has two bytes for what was one in a header.
    const isAscii = echoed.every(([, value]) => ascii.test(String(value)));
    return reply.type(plainText).send(isAscii ? text : Buffer.from(text));
  }
  return reply
    .header("content-type", request.headers["content-type"] ?? "application/octet-stream")
    .header("x-content-type-options", "nosniff")
    .header("content-security-policy", "sandbox") // A page that someone sends here must not act as a page from here.
    .send(bodyOf(request));
}

const ascii = /^[\t\x20-\x7e]*$/;
const plainText = "text/plain; charset=utf-8";
const echoAnswers = {
  200: {
    description: "The request's headers, and its body or its method and path",
    type: "text/plain",
    schema: { type: "string" },
  },
  405: errorContent("The path is taken, and not with this method"),
  413: errorContent("The body is larger than 1 MiB"),
};

const root: Operation = {
  method: echoMethods,
  url: "/",
  summary: "The front page for browsers, the echo for everyone else",
  group: "Echo",
  answers: { ...echoAnswers, 404: errorContent("UNMATCHED is 404") },
};

const anyPath: Operation = {
  method: echoMethods,
  url: "/*",
  summary: "A route of the configuration; at any other path the echo of headers and body",
  group: "Echo",
  answers: { ...echoAnswers, 404: errorContent("UNMATCHED is 404 and the path is in no configuration") },
};

function isRead(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/** The target may also be a whole URL: RFC 9112, section 3.2.2. */
function pathOf(url: string): string {
  const target = url.startsWith("/") ? url : url.replace(/^https?:\/\/[^/?]*/i, "");
  const query = target.indexOf("?");
  return (query < 0 ? target : target.slice(0, query)) || "/";
}
