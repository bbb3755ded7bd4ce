import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { parseYaml } from "./parse-yaml.ts";

test("JSON is read as JSON, and YAML as Kubernetes reads it", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const read = parseYaml(JSON.stringify(value));
      if (typeof value === "object" && value !== null)
        assert.deepEqual(read, { value: JSON.parse(JSON.stringify(value)), repeatedKeys: [] });
    }),
  );
  assert.deepEqual(parseYaml("# nothing\n").value, null);
  assert.deepEqual(parseYaml("a: yes\nb: 0644\n---\nc: 1\n").value, { a: true, b: 420 });
});

test("a key that stands twice is told with its line, and the last value counts", () => {
  assert.deepEqual(parseYaml('{"a": 1,\n "b": {"c": 1, "c": 2}, "a": 3}'), {
    value: { a: 3, b: { c: 2 } },
    repeatedKeys: ['line 2: key "a" already set in map', 'line 2: key "c" already set in map'],
  });
  assert.deepEqual(parseYaml('{"a": "\\"b\\": \\"b\\":"}').repeatedKeys, []);
});

test("what is no YAML is a SyntaxError", () => {
  for (const text of ["a: [", "a: *b", "\ta: 1", "a: &a [*a]"])
    assert.throws(() => parseYaml(text), SyntaxError, text);
});
