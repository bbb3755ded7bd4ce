import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { JSONSchemaProps } from "./json-schema-props.ts";
import { prune } from "./prune.ts";
import { dropForbiddenNulls, fillInDefaults } from "./schema-defaults.ts";
import { schemaErrors } from "./schema-errors.ts";

const schema: JSONSchemaProps = {
  type: "object",
  properties: {
    a: { type: "integer", default: 1 },
    b: {
      type: "object",
      properties: { c: { type: "string", default: "x" }, n: { type: "string", nullable: true } },
    },
    list: { type: "array", items: { type: "object", properties: { a: { type: "integer", default: 2 } } } },
    map: { type: "object", additionalProperties: { type: "string" } },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  },
};

const keys = fc.constantFrom("a", "b", "c", "n", "list", "map", "free", "odd", "metadata");
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, 1, "x", true),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(keys, tie("value"), { maxKeys: 4 }),
  ),
})).value;
const objects = fc
  .dictionary(keys, json, { maxKeys: 6 })
  .map((object) => JSON.parse(JSON.stringify(object)) as Record<string, unknown>);

test("what was pruned and filled in stays as it is when that is done again", () => {
  fc.assert(
    fc.property(objects, (object) => {
      const read = (value: Record<string, unknown>) => {
        const unknown = prune(value, schema);
        dropForbiddenNulls(value, schema);
        fillInDefaults(value, schema);
        return unknown;
      };
      read(object);
      const once = structuredClone(object);
      assert.deepEqual(read(object), []);
      assert.deepEqual(object, once);
    }),
  );
});

test("whatever is checked is refused or taken, and never an error of our own", () => {
  fc.assert(fc.property(objects, (object) => assert.ok(Array.isArray(schemaErrors(object, schema)))));
});

test("unknown fields go, but for where they are to stay", () => {
  const object = {
    apiVersion: "v1",
    kind: "X",
    metadata: { odd: 1 },
    odd: 1,
    list: [{ a: 1, odd: 2 }],
    map: { any: "x" },
    free: { odd: { odder: 1 } },
  };
  assert.deepEqual(prune(object, schema), ["list[0].odd", "odd"]);
  assert.deepEqual(object.list, [{ a: 1 }]);
  assert.deepEqual(object.free, { odd: { odder: 1 } });
  assert.deepEqual(object.metadata, { odd: 1 });
});
