import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { formatYaml } from "./format-yaml.ts";
import { parseYaml } from "./parse-yaml.ts";

test("any JSON comes back out of its YAML", () => {
  const json = fc
    .jsonValue({ noUnicodeString: false })
    .filter((value) => !JSON.stringify(value).includes("__proto__"));
  fc.assert(
    fc.property(json, (value) => {
      const copy = JSON.parse(JSON.stringify(value)) as unknown;
      assert.deepEqual(parseYaml(formatYaml({ copy })).value, { copy });
    }),
  );
});

test("keys are in order, and texts that would be read as something else are quoted", () => {
  assert.equal(
    formatYaml({ b: "yes", a: "0644", c: ["y", "1e3"] }),
    'a: "0644"\nb: "yes"\nc:\n  - "y"\n  - "1e3"\n',
  );
});
