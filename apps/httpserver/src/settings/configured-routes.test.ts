import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConfiguredRoutes } from "./configured-routes.ts";

test("routes are paths and texts", () => {
  assert.deepEqual(
    [...parseConfiguredRoutes({ "/a": "1", "/b/c": "" })],
    [
      ["/a", "1"],
      ["/b/c", ""],
    ],
  );
});

const refused: readonly unknown[] = [
  null,
  [],
  "text",
  { a: "1" },
  { "/a?b": "1" },
  { "/a b": "1" },
  { "/a": 1 },
  { "/a": null },
  Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`/${index}`, ""])),
];

for (const value of refused) {
  test(`${JSON.stringify(value).slice(0, 30)} is refused`, () =>
    assert.throws(() => parseConfiguredRoutes(value)));
}
