import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { JsonObject } from "@seaworthy/kube";
import { startApi } from "../testing/start-api.ts";

interface Swagger {
  readonly paths: Readonly<Record<string, JsonObject>>;
  readonly definitions: Readonly<Record<string, JsonObject>>;
}

let document: Swagger;

before(async () => {
  const { transport } = await startApi();
  const ask = (method: "GET" | "POST", path: string, object?: unknown) =>
    transport({
      method,
      path,
      query: new URLSearchParams(),
      headers: {},
      ...(object === undefined ? {} : { body: JSON.stringify(object) }),
    });
  const openAPIV3Schema = {
    type: "object",
    properties: {
      spec: {
        type: "object",
        properties: {
          perhaps: { type: "object", nullable: true, properties: { a: { type: "string" } } },
          free: { type: "array", "x-kubernetes-preserve-unknown-fields": true, items: { type: "string" } },
          port: { "x-kubernetes-int-or-string": true },
          either: { type: "string", oneOf: [{ pattern: "a" }] },
        },
      },
    },
  };
  const definition = {
    kind: "CustomResourceDefinition",
    apiVersion: "apiextensions.k8s.io/v1",
    metadata: { name: "boats.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "boats", kind: "Boat" },
      versions: [
        { name: "v1", served: true, storage: true, schema: { openAPIV3Schema } },
        {
          name: "v2",
          served: true,
          storage: false,
          schema: { openAPIV3Schema: { ...openAPIV3Schema, "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  };
  assert.equal(
    (await ask("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition)).status,
    201,
  );
  document = JSON.parse(String((await ask("GET", "/openapi/v2")).body)) as Swagger;
});

test("every group is in it, and what refers to types finds them", () => {
  const path = document.paths["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]!;
  assert.deepEqual((path["patch"] as JsonObject)["x-kubernetes-group-version-kind"], {
    group: "apps",
    version: "v1",
    kind: "Deployment",
  });
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/([^/]+)\/([^"]+)"/g);
  for (const [, section, name] of references) {
    assert.equal(section, "definitions");
    assert.ok(Object.hasOwn(document.definitions, name!), name);
  }
});

test("a kind that may have any field has none there, since kubectl would refuse all others", () => {
  assert.deepEqual(document.definitions["com.example.v2.Boat"], {
    type: "object",
    "x-kubernetes-group-version-kind": [{ group: "example.com", version: "v2", kind: "Boat" }],
  });
});

test("what only version 3 knows is taken out of custom kinds", () => {
  // As a kube-apiserver v1.36.3 shows the same kind.
  const { spec } = document.definitions["com.example.v1.Boat"]!["properties"] as { spec: JsonObject };
  assert.deepEqual(spec["properties"], {
    perhaps: {},
    free: { "x-kubernetes-preserve-unknown-fields": true },
    port: { "x-kubernetes-int-or-string": true },
    either: { type: "string" },
  });
});
