import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { hasRepeatedFields, writtenFields } from "./written-fields.ts";

function repeated(text: string): string[] {
  return writtenFields(text).flatMap(({ path, isRepeated }) => (isRepeated ? [path] : []));
}

test("fields have the paths that Kubernetes writes, in the order in which they stand", () => {
  const text = `{"a": 1, "b" : [{"c":{}, "d":[[{"e":"f:\\"{"}]], "c":2}, 3, {"c":1}],"a":{"x\\u0079":[]}, "xy":[] }`;
  assert.deepEqual(
    writtenFields(text).map(({ path, isRepeated }) => `${path}${isRepeated ? "!" : ""}`),
    ["a", "b", "b[0].c", "b[0].d", "b[0].d[0][0].e", "b[0].c!", "b[2].c", "a!", "a.xy", "xy"],
  );
});

test("a field is repeated by what its name says, not by how it is written", () => {
  assert.deepEqual(repeated(`{"spec":{"replicas":1,"repl\\u0069cas":2}}`), ["spec.replicas"]);
  assert.deepEqual(repeated(`{"a.b/c":{"\\\\":1,"\\"":2,"\\\\":3},"a.b/c":1}`), [`a.b/c.\\`, "a.b/c"]);
  assert.deepEqual(repeated(`{"__proto__":1,"__proto__":2}`), ["__proto__"]);
});

test("of any JSON it is known without a second reading whether a field is repeated", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      assert.equal(hasRepeatedFields(text, JSON.parse(text)), false);
      assert.deepEqual(repeated(text), []);
    }),
  );
  const named = fc.tuple(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(fc.array(named, { maxLength: 6 }), (members) => {
      const text = `{${members.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(" ,")}}`;
      const isRepeated = new Set(members.map(([name]) => name)).size < members.length;
      assert.equal(hasRepeatedFields(text, JSON.parse(text)), isRepeated);
      assert.equal(repeated(text).length > 0, isRepeated);
    }),
  );
});

test("nothing is nested too deep", () => {
  const text = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  assert.equal(hasRepeatedFields('{"a":1}', { a: 1 }), false);
  assert.equal(writtenFields(text).length, 0);
});
