import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { formatSchema } from "../../scripts/generate-schema.ts";
import { findTypeSchema, schemaTypeOf, type SchemaFile } from "./schema.ts";

const text = readFileSync(new URL("../schema.generated.json", import.meta.url), "utf8");
const file = JSON.parse(text) as SchemaFile;

const scalars = new Set([
  "any",
  "base64",
  "boolean",
  "integer",
  "intOrString",
  "number",
  "object",
  "quantity",
  "string",
  "time",
]);

test("the generated schema is written as its generator writes it, and all that it names is there", () => {
  assert.equal(formatSchema(file), text);
  for (const type of Object.values(file.kinds)) assert.ok(findTypeSchema(type) !== undefined, type);
  for (const name of Object.keys(file.types)) {
    for (const [field, { type }] of findTypeSchema(name) ?? [])
      assert.ok(scalars.has(type) || findTypeSchema(type) !== undefined, `${name}.${field}: ${type}`);
  }
});

test("every merge key and list map key is a field of the items", () => {
  for (const [path, { patchMergeKey, listMapKeys = [] }] of Object.entries(file.lists)) {
    const cut = path.lastIndexOf(".");
    const item = findTypeSchema(findTypeSchema(path.slice(0, cut))?.get(path.slice(cut + 1))?.type ?? "");
    for (const key of [patchMergeKey, ...listMapKeys])
      if (key !== undefined) assert.ok(item?.has(key), `${path}: ${key}`);
  }
});

test("a field carries its type, shape and merge rules", () => {
  assert.equal(schemaTypeOf("v1", "Event"), "core.v1.Event");
  assert.deepEqual(findTypeSchema("core.v1.Container")?.get("ports"), {
    type: "core.v1.ContainerPort",
    shape: "list",
    required: false,
    patchMergeKey: "containerPort",
    patchStrategy: ["merge"],
    listType: "map",
    listMapKeys: ["containerPort", "protocol"],
    atomic: false,
  });
  assert.equal(findTypeSchema("apps.v1.DeploymentSpec")?.get("selector")?.atomic, true);
  assert.equal(findTypeSchema("core.v1.ResourceRequirements")?.get("limits")?.type, "quantity");
  assert.equal(findTypeSchema("networking.v1.NetworkPolicyIngressRule")?.get("from")?.shape, "list");
});
