import type { FastifyInstance } from "fastify";
import { bodyOf } from "../body-parser.ts";
import type { ContentStore } from "../content-store.ts";
import { httpError } from "../answers/error-answers.ts";
import {
  addOperation,
  binaryContent,
  errorContent,
  jsonContent,
  type Operation,
} from "../openapi/operation.ts";

/** Where contents are kept. */
export interface StoreParts {
  /** A folder that the process may write to. Without it nothing is kept. */
  readonly dataDir: string | undefined;
}

/** Contents by their hash: POST /store keeps one, GET /store/{hash} gives it back. */
export function storeRoutes(app: FastifyInstance, { dataDir }: StoreParts): void {
  let opening: Promise<ContentStore> | undefined;
  const open = async (): Promise<ContentStore> => {
    if (dataDir === undefined)
      throw httpError(503, "not_configured", "set DATA_DIR to a folder to use the store");
    opening ??= import("../content-store.ts").then(({ createContentStore }) => createContentStore(dataDir));
    return await opening;
  };

  addOperation(app, keepOperation, async (request, reply) => {
    const kept = await (await open()).put(bodyOf(request));
    if (kept === undefined) throw httpError(507, "store_full", "the store is full");
    const { hash, isNew } = kept;
    return await reply
      .code(isNew ? 201 : 200)
      .header("location", `/store/${hash}`)
      .send({ hash });
  });

  addOperation(app, giveOperation, async (request, reply) => {
    const store = await open();
    const { hash } = request.params as { hash: string };
    if (!store.isHash(hash))
      throw httpError(400, "bad_hash", "use the 64 hexadecimal digits that POST /store answered");
    const bytes = await store.get(hash);
    if (bytes === undefined) throw httpError(404, "not_found", "nothing with this hash is kept here");
    return await reply
      .type("application/octet-stream")
      .header("x-content-type-options", "nosniff")
      .header("etag", `"${hash}"`)
      .header("cache-control", "public, max-age=31536000, immutable")
      .send(bytes);
  });
}

const noFolder = errorContent("DATA_DIR is not set");

const keepOperation: Operation = {
  method: "POST",
  url: "/store",
  summary: "Keeps a content of at most 1 MiB under its SHA-256",
  group: "State",
  body: { description: "The content", ...binaryContent },
  answers: {
    200: jsonContent("It was there already"),
    201: jsonContent("It is kept now"),
    413: errorContent("It is larger than 1 MiB"),
    503: noFolder,
    507: errorContent("The store is full"),
  },
};

const giveOperation: Operation = {
  method: "GET",
  url: "/store/:hash",
  summary: "Gives back a content",
  group: "State",
  parameters: [
    {
      name: "hash",
      in: "path",
      description: "What POST /store answered",
      schema: { type: "string", pattern: "^[0-9a-f]{64}$" },
    },
  ],
  answers: {
    200: { description: "The content", ...binaryContent },
    400: errorContent("Not a SHA-256"),
    404: errorContent("Nothing with this hash is kept here"),
    503: noFolder,
  },
};
