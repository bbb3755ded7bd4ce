import type { FastifyInstance } from "fastify";

/** The version and the pod that answer. */
export interface AnsweredBy {
  readonly version: string;
  readonly podName: string | undefined;
}

/**
 * Says on every answer who gave it: `version` and `x-pod-name`. A request's `x-seaworthy-token` comes back as
 * `x-seaworthy-echo`, by which a load generator tells that the answer belongs to its request.
 */
export function addAnswerHeaders(app: FastifyInstance, { version, podName }: AnsweredBy): void {
  app.addHook("onRequest", (request, reply, done) => {
    reply.header("version", version);
    if (podName !== undefined) reply.header("x-pod-name", podName);
    const token = request.headers["x-seaworthy-token"];
    if (token !== undefined) reply.header("x-seaworthy-echo", token);
    done();
  });
}
