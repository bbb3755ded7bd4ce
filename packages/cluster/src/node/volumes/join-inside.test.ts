import assert from "node:assert/strict";
import { posix } from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";
import { joinInside } from "./join-inside.ts";

/** Names as an attacker would write them, and plain ones. */
const names = fc.array(
  fc.oneof(
    fc.constantFrom("..", ".", "", "/", "../..", "a/../..", "/etc", "..data", "...", "a/..", "./.", "x"),
    fc.stringMatching(/^[./a-z]{0,8}$/),
    fc.string({ maxLength: 6 }),
  ),
  { minLength: 1, maxLength: 4 },
);
const folders = fc.constantFrom("/data", "/data/pods/a", "/", "relative/folder", "/data/../other");

test("what it returns lies inside the folder, and what it refuses does not", () => {
  fc.assert(
    fc.property(folders, names, (folder, parts) => {
      const root = posix.resolve(folder);
      const meant = posix.resolve(folder, ...parts.map((part) => `./${part}`));
      const isInside = meant !== root && meant.startsWith(root === "/" ? "/" : `${root}/`);
      let path: string | undefined;
      try {
        path = joinInside(folder, ...parts);
      } catch {
        assert.ok(!isInside, `${JSON.stringify(parts)} is inside ${folder} and was refused`);
        return;
      }
      assert.ok(isInside, `${path} is outside of ${folder}`);
      assert.equal(posix.resolve(path), meant);
    }),
    { numRuns: 2_000 },
  );
});

test("names that begin with dots and stay inside are kept", () => {
  assert.equal(joinInside("/data", "..data", "key"), "/data/..data/key");
  assert.equal(joinInside("/data", "..."), "/data/...");
});
