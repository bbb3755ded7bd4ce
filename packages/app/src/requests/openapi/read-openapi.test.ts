import assert from "node:assert/strict";
import { test } from "node:test";
import { formatNotice, type SeaworthyError } from "@seaworthy/errors";
import * as fc from "fast-check";
import { stringify } from "yaml";
import type { FoundMix } from "../found-mix.ts";
import { readOpenapi } from "./read-openapi.ts";

const read = (data: unknown, ...probePaths: string[]): FoundMix =>
  readOpenapi({ file: "api.yaml", text: stringify(data), probePaths: new Set(probePaths) });

const pathsOf = ({ requests }: FoundMix) => requests.map(({ path }) => path);

const api = (parameters: unknown, more: object = {}, path = "/a") => ({
  openapi: "3.1.0",
  paths: { [path]: { get: { parameters } } },
  ...more,
});

const query = (more: object) => [{ name: "q", in: "query", required: true, ...more }];

/** What is asked of one operation, or undefined when it is left out. */
const asked: readonly (readonly [name: string, data: object, path: string | undefined])[] = [
  ["no parameters", { openapi: "3.0.3", paths: { "/a": { get: {} } } }, "/a"],
  ["an optional parameter", api([{ name: "q", in: "query", example: 1 }]), "/a"],
  ["a required one without a value", api(query({ schema: { type: "string" } })), undefined],
  ["an example", api(query({ example: "x y&z" })), "/a?q=x%20y%26z"],
  ["the first of examples", api(query({ examples: { one: { value: 1 }, two: { value: 2 } } })), "/a?q=1"],
  ["the example of a schema", api(query({ schema: { example: "s" } })), "/a?q=s"],
  ["the examples of a schema", api(query({ schema: { examples: ["t", "u"] } })), "/a?q=t"],
  ["a default", api(query({ schema: { default: false } })), "/a?q=false"],
  ["an enum", api(query({ schema: { enum: ["new", "old"] } })), "/a?q=new"],
  ["a const", api(query({ schema: { const: 0 } })), "/a?q=0"],
  ["a list", api(query({ example: ["a", "b"] })), "/a?q=a&q=b"],
  ["a list that is not exploded", api(query({ example: ["a", "b"], explode: false })), "/a?q=a,b"],
  ["the items of a list", api(query({ schema: { type: "array", items: { enum: ["a", "b"] } } })), "/a?q=a"],
  ["an object", api(query({ example: { a: 1 } })), undefined],
  ["a style of its own", api(query({ example: ["a"], style: "pipeDelimited" })), undefined],
  ["an empty example in a path", api([{ name: "id", in: "path", example: "" }], {}, "/a/{id}"), undefined],
  [
    "a parameter of the path",
    api([{ name: "id", in: "path", example: "7/8" }], {}, "/a/{id}.json"),
    "/a/7%2F8.json",
  ],
  ["a path whose parameter is not described", api([], {}, "/a/{id}"), undefined],
  [
    "a parameter of the path item, which the operation describes better",
    {
      openapi: "3.0.0",
      paths: {
        "/a/{id}": {
          parameters: [{ name: "id", in: "path", required: true }],
          get: { parameters: [{ name: "id", in: "path", required: true, example: 7 }] },
        },
      },
    },
    "/a/7",
  ],
  [
    "references",
    api([{ $ref: "#/components/parameters/the~1id" }], {
      components: {
        parameters: {
          "the/id": { name: "q", in: "query", required: true, schema: { $ref: "#/components/schemas/Id" } },
        },
        schemas: { Id: { default: 7 } },
      },
    }),
    "/a?q=7",
  ],
  ["a reference into another file", api([{ $ref: "parameters.yaml#/id" }]), undefined],
  [
    "a reference to itself",
    api([{ $ref: "#/components/parameters/a" }], {
      components: { parameters: { a: { $ref: "#/components/parameters/a" } } },
    }),
    undefined,
  ],
  ["a server with a path", api([], { servers: [{ url: "https://shop.example/v1/" }] }), "/v1/a"],
  ["a server that is a path", api([], { servers: [{ url: "v2" }, { url: "/v3" }] }), "/v2/a"],
  [
    "a server with variables",
    api([], {
      servers: [
        { url: "https://{host}/{base}", variables: { host: { default: "h" }, base: { default: "b" } } },
      ],
    }),
    "/b/a",
  ],
  ["no operation to read", { openapi: "3.0.0", paths: { "/a": { post: {} } } }, undefined],
  [
    "a stream",
    {
      openapi: "3.0.0",
      paths: { "/a": { get: { responses: { 200: { content: { "text/event-stream": {} } } } } } },
    },
    undefined,
  ],
  ["a probe's path", { openapi: "3.0.0", paths: { "/healthz": { get: {} } } }, undefined],
  [
    "Swagger 2",
    { swagger: "2.0", host: "shop.example", basePath: "/v1", paths: { "/a": { get: {} } } },
    "/v1/a",
  ],
  [
    "Swagger 2 with a list",
    {
      swagger: "2.0",
      paths: { "/a": { get: { parameters: query({ type: "array", default: ["a", "b"] }) } } },
    },
    "/a?q=a,b",
  ],
  [
    "Swagger 2 with a list that repeats",
    {
      swagger: "2.0",
      paths: {
        "/a": {
          get: {
            parameters: query({
              type: "array",
              collectionFormat: "multi",
              items: { type: "string", enum: ["x"] },
            }),
          },
        },
      },
    },
    "/a?q=x",
  ],
  [
    "Swagger 2 with an x-example",
    {
      swagger: "2.0",
      paths: {
        "/a/{id}": { get: { parameters: [{ name: "id", in: "path", required: true, "x-example": 5 }] } },
      },
    },
    "/a/5",
  ],
];

for (const [name, data, path] of asked) {
  test(`${name}: ${path ?? "left out"}`, () => {
    const all = { ...data, paths: { "/always": { get: {} }, ...(data as { paths: object }).paths } };
    const paths = pathsOf(read(all)).filter((each) => !each.endsWith("/always"));
    assert.deepEqual(paths, path === undefined ? [] : [path]);
  });
}

test("headers and cookies that are required are sent, and the host of the server is known", () => {
  const parameters = [
    { name: "X-Shop", in: "header", required: true, example: "7" },
    { name: "session", in: "cookie", required: true, schema: { default: "s1" } },
    { name: "Authorization", in: "header", required: true },
  ];
  assert.deepEqual(read(api(parameters, { servers: [{ url: "https://shop.example:8443" }] })).requests, [
    {
      method: "GET",
      path: "/a",
      host: "shop.example",
      headers: [
        ["X-Shop", "7"],
        ["cookie", "session=s1"],
      ],
      weight: 1,
      isFound: true,
    },
  ]);
});

test("what is left out is told of, by its reason", () => {
  const { notices } = read(
    {
      openapi: "3.0.0",
      paths: {
        "/a": { get: {}, post: {}, delete: {} },
        "/orders/{id}": { get: { parameters: [{ name: "id", in: "path", required: true }] } },
        "/ready": { get: {} },
      },
    },
    "/ready",
  );
  assert.deepEqual(
    notices.map((notice) => formatNotice(notice, { all: true })),
    [
      "api.yaml: asked are 1 of its 5 operations, in equal shares",
      "api.yaml: left out are operations: 2 of other methods than GET, 1 without values for required parameters, 1 of probes",
      "api.yaml: without example or default are parameters: GET /orders/{id} (id)",
    ],
  );
});

const refused: readonly (readonly [name: string, text: string, code: string, message: RegExp])[] = [
  ["broken YAML", "openapi: [", "SW1101", /neither good YAML nor JSON/],
  ["broken JSON", '{"openapi": "3.0.0",,}', "SW1101", /neither good YAML nor JSON/],
  ["something else", "kind: Deployment", "SW1402", /no OpenAPI document/],
  ["nothing", "", "SW1402", /no OpenAPI document/],
  ["no paths", "openapi: 3.0.0", "SW1402", /no OpenAPI document/],
  ["OpenAPI 4", "{ openapi: 4.0.0, paths: {} }", "SW1402", /no OpenAPI document/],
  [
    "nothing to ask",
    "{ openapi: 3.0.0, paths: { /a: { post: {} } } }",
    "SW1402",
    /no operation that can be asked/,
  ],
];

for (const [name, text, code, message] of refused) {
  test(`${name} is refused in one line`, () => {
    assert.throws(
      () => readOpenapi({ file: "api.yaml", text, probePaths: new Set() }),
      (error: SeaworthyError) => error.code === code && message.test(error.message),
    );
  });
}

test("aliases that multiply without end are refused", () => {
  const text = `a: &a [1,1,1,1,1,1,1,1,1]\n${"bcdefgh"
    .split("")
    .map(
      (name, index) =>
        `${name}: &${name} [${Array.from({ length: 9 }, () => `*${"abcdefg"[index]}`).join(",")}]`,
    )
    .join("\n")}\n`;
  assert.throws(
    () => readOpenapi({ file: "api.yaml", text, probePaths: new Set() }),
    (error: SeaworthyError) => error.code === "SW1101",
  );
});

test("whatever a document says, it gives requests that can be sent, or is refused as one", () => {
  const word = fc.constantFrom(
    "/a",
    "/{id}",
    "id",
    "in",
    "path",
    "query",
    "header",
    "get",
    "parameters",
    "name",
    "required",
    "schema",
    "example",
    "default",
    "$ref",
    "#/paths",
    "servers",
    "url",
    "responses",
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      word,
      fc.boolean(),
      fc.integer(),
      fc.string({ unit: "binary" }),
      fc.dictionary(word, tie("tree"), { maxKeys: 4 }),
      fc.array(tie("tree"), { maxLength: 3 }),
    ),
  }));
  const operation = fc.record({
    parameters: fc.array(
      fc.record({
        name: fc.constantFrom("id", "X-A", "ü"),
        in: fc.constantFrom("path", "query", "header", "cookie"),
        required: fc.constant(true),
        example: tree,
      }),
    ),
  });
  const paths = fc.dictionary(
    fc.constantFrom("/a", "/{id}", "/ü/{id}", "a"),
    fc.oneof(tree, fc.record({ get: operation })),
  );
  fc.assert(
    fc.property(
      paths,
      tree,
      fc.constantFrom({ openapi: "3.0.0" }, { swagger: "2.0" }),
      (given, other, version) => {
        let requests: FoundMix["requests"];
        try {
          const text = JSON.stringify({ ...version, paths: given, servers: other, basePath: other });
          ({ requests } = readOpenapi({ file: "api.json", text, probePaths: new Set() }));
        } catch (error) {
          assert.equal((error as SeaworthyError).code, "SW1402", String(error));
          return;
        }
        for (const { path, headers = [] } of requests) {
          assert.match(path, /^\/[\x21-\x7e]*$/);
          assert.ok(!path.includes("{{"));
          for (const [name, value] of headers)
            assert.match(`${name}: ${value}`, /^[\x21-\x7e]+: [\x20-\x7e]+$/);
        }
      },
    ),
    { numRuns: 300 },
  );
});
