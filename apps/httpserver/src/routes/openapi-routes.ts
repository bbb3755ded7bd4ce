import type { FastifyInstance } from "fastify";
import { openApiDocument } from "../openapi/document.ts";
import { addOperation, type Operation } from "../openapi/operation.ts";
import { createPage } from "../pages/page.ts";

/** The document at /openapi.json and a page to read and try it at /openapi. `operations` may still grow. */
export function openApiRoutes(
  app: FastifyInstance,
  { operations, version }: { readonly operations: readonly Operation[]; readonly version: string },
): void {
  let document: string | undefined;
  const sendPage = createPage("openapi-page.html", { version });
  addOperation(app, documentOperation, (_request, reply) => {
    document ??= JSON.stringify(openApiDocument(operations, version));
    return reply.type("application/json; charset=utf-8").send(document);
  });
  addOperation(app, pageOperation, async (_request, reply) => await sendPage(reply));
}

const documentOperation: Operation = {
  method: "GET",
  url: "/openapi.json",
  summary: "This document",
  group: "About",
  answers: { 200: { description: "OpenAPI 3.1", type: "application/json", schema: { type: "object" } } },
};

const pageOperation: Operation = {
  method: "GET",
  url: "/openapi",
  summary: "A page to read this document and to try its operations",
  group: "About",
  answers: { 200: { description: "The page", type: "text/html", schema: { type: "string" } } },
};
