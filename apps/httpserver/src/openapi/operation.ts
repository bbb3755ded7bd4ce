import type { FastifyInstance, HTTPMethods, onRequestAsyncHookHandler, RouteHandlerMethod } from "fastify";

/** One operation of the HTTP API: what its route is registered with, and what /openapi.json says about it. */
export interface Operation {
  readonly method: HTTPMethods | readonly HTTPMethods[];
  /** As Fastify writes it: `/delay/:seconds`. */
  readonly url: string;
  readonly summary: string;
  readonly group: "Echo" | "About" | "Behaviour" | "State" | "Administration";
  readonly parameters?: readonly Parameter[];
  readonly body?: Content;
  /** Whether the operation wants `Authorization: Bearer`. */
  readonly bearer?: true;
  /** The answers by status. `default` stands for every other status. */
  readonly answers: { readonly [status: number]: Content; readonly default?: Content };
}

/** A value that the client chooses by the URL. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly description: string;
  readonly schema: Schema;
  readonly example?: string | number;
}

/** A body. Without a type there is no body. */
export interface Content {
  readonly description: string;
  readonly type?: string;
  readonly schema?: Schema;
  readonly example?: unknown;
}

/** JSON Schema, as far as a document needs it. */
export type Schema = Readonly<Record<string, unknown>>;

declare module "fastify" {
  interface FastifyContextConfig {
    readonly operation?: Operation;
  }
}

/** Registers the route of an operation. This also adds the operation to the document. */
export function addOperation(
  app: FastifyInstance,
  operation: Operation,
  handler: RouteHandlerMethod,
  onRequest: onRequestAsyncHookHandler[] = [],
): void {
  const { url } = operation;
  app.route({ method: methodsOf(operation), url, config: { operation }, onRequest, handler });
}

/** The methods of an operation as a list. */
export function methodsOf({ method }: Pick<Operation, "method">): HTTPMethods[] {
  return typeof method === "string" ? [method] : [...method];
}

/** Bytes, whatever they are. */
export const binaryContent = {
  type: "application/octet-stream",
  schema: { type: "string", format: "binary" },
};

/** An answer in JSON. */
export function jsonContent(
  description: string,
  schema: Schema = { type: "object" },
  example?: unknown,
): Content {
  return { description, type: "application/json", schema, ...(example === undefined ? {} : { example }) };
}

/** An error's answer: `{"error": {"code", "message"}}`. */
export function errorContent(description: string): Content {
  return { description, type: "application/json", schema: { $ref: "#/components/schemas/Error" } };
}
