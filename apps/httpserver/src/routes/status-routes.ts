import type { FastifyInstance } from "fastify";
import { httpError } from "../answers/error-answers.ts";
import { addOperation, errorContent, jsonContent, type Operation } from "../openapi/operation.ts";

/** Answers with the status that is asked for: /status/{code}. */
export function statusRoutes(app: FastifyInstance): void {
  addOperation(app, statusOperation, (request, reply) => {
    const { code } = request.params as { code: string };
    const status = /^[2-5]\d\d$/.test(code) ? Number(code) : undefined;
    // A 1xx is not an answer yet: its client would go on waiting for one.
    if (status === undefined) throw httpError(400, "bad_status", "use a status from 200 to 599");
    reply.code(status);
    if (hasNoBody.has(status)) return reply.send();
    return reply.send({ status });
  });
}

/** RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5. */
const hasNoBody: ReadonlySet<number> = new Set([204, 205, 304]);

const statusOperation: Operation = {
  method: ["GET", "POST", "PUT"],
  url: "/status/:code",
  summary: "Answers with a status of your choice",
  group: "Behaviour",
  parameters: [
    {
      name: "code",
      in: "path",
      description: "The status, 200 to 599",
      schema: { type: "integer", minimum: 200, maximum: 599 },
      example: 503,
    },
  ],
  answers: {
    default: jsonContent("The status; 204, 205 and 304 have no body"),
    400: errorContent("Not a status from 200 to 599"),
  },
};
