import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { echoMethods } from "./allowed-methods.ts";
import type { AnsweredBy } from "./answer-headers.ts";

/** What an answer needs of a logger. */
export interface ErrorLog {
  error(fields: object, msg: string): void;
}

/** An error that is told to the client as it is. */
export interface HttpError extends Error {
  readonly statusCode: number;
  /** For programs: lower case with underscores. */
  readonly code: string;
}

/** Makes an error for a handler to throw; the client reads its code and message. */
export function httpError(statusCode: number, code: string, message: string): HttpError {
  return Object.assign(new Error(message), { statusCode, code, told: true });
}

/**
 * Answers every error in one shape, `{"error": {"code", "message"}}`, with the status that it has. An unforeseen
 * error has a 500 and goes to the log, not to the client.
 */
export function answerErrors(
  app: FastifyInstance,
  log: ErrorLog,
  allowedMethods: (path: string) => string | undefined = () => undefined,
): void {
  app.setErrorHandler<FastifyError & Partial<HttpError>>((error, request, reply) => {
    const { statusCode = 500, code } = error;
    const foreseen = "told" in error || (statusCode >= 400 && statusCode < 500);
    if (foreseen) return sendError(reply, statusCode, code, error.message);
    log.error({ err: error, method: request.method, route: request.routeOptions.url }, "a request failed");
    return sendError(reply, 500, "internal", "the service failed to answer; its log says why");
  });
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const [path = ""] = request.url.split("?", 1);
    if (taken.has(request.method)) return sendError(reply, 404, "not_found", `nothing is at ${path}`);
    reply.header("allow", allowedMethods(path) ?? echoMethods.join(", "));
    return sendError(reply, 405, "method_not_allowed", "no path takes this method");
  });
}

const taken: ReadonlySet<string> = new Set(echoMethods);

/** Answers for Fastify when it refuses a request before routing, such as a bad URL. No hook has run, so it adds headers. */
export function answerFrameworkError({ version, podName }: AnsweredBy) {
  return (error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void => {
    reply.header("version", version);
    if (podName !== undefined) reply.header("x-pod-name", podName);
    sendError(reply, error.statusCode ?? 400, error.code, "the path is not a valid URL");
  };
}

/** Sends an error in the one shape. */
export function sendError(
  reply: FastifyReply,
  status: number,
  code: string | undefined,
  message: string,
): FastifyReply {
  return reply
    .code(status)
    .type("application/json; charset=utf-8")
    .send(JSON.stringify({ error: { code, message } }));
}
