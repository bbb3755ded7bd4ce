import { methodsOf, type Content, type Operation } from "./operation.ts";

/** Writes the document of an HTTP API: https://spec.openapis.org/oas/v3.1.1.html */
export function openApiDocument(operations: readonly Operation[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = (paths[documentPath(operation.url)] ??= {});
    for (const method of methodsOf(operation)) path[method.toLowerCase()] = describe(operation, method);
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "httpserver",
      summary: "The reference service of Seaworthy",
      version,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    tags: [...new Set(operations.map(({ group }) => group))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Error: errorSchema },
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
    },
  };
}

/** `/delay/:seconds` is `/delay/{seconds}` there, and `/*` is `/{path}`. */
export function documentPath(url: string): string {
  return url.replaceAll(/:(\w+)/g, "{$1}").replace("*", "{path}");
}

function describe(operation: Operation, method: string): object {
  const { url, summary, group, parameters = [], body, bearer, answers } = operation;
  const anyPath = { name: "path", in: "path", required: true, schema: { type: "string" }, example: "any" };
  const declared = parameters.map((parameter) => ({ ...parameter, required: parameter.in === "path" }));
  const all = url.endsWith("*") ? [...declared, anyPath] : declared;
  const hasBody = method === "POST" || method === "PUT" || method === "PATCH";
  return {
    operationId: `${method.toLowerCase()} ${documentPath(url)}`,
    summary,
    tags: [group],
    ...(all.length > 0 ? { parameters: all } : {}),
    ...(hasBody ? { requestBody: { ...describeContent(body ?? anyBody), required: false } } : {}),
    ...(bearer ? { security: [{ bearer: [] }, {}] } : {}),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, describeContent(answer)]),
    ),
  };
}

function describeContent({ description, type, schema, example }: Content): object {
  if (type === undefined) return { description };
  const media = { ...(schema ? { schema } : {}), ...(example === undefined ? {} : { example }) };
  return { description, content: { [type]: media } };
}

const anyBody: Content = { description: "Anything", type: "*/*" };

const errorSchema = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["message"],
      properties: { code: { type: "string" }, message: { type: "string" } },
    },
  },
};
