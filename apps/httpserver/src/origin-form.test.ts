import assert from "node:assert/strict";
import { test } from "node:test";
import { originForm } from "./origin-form.ts";

for (const [target, wanted] of [
  ["/a?b", "/a?b"],
  ["//a/b", "//a/b"],
  ["http://host/a?b", "/a?b"],
  ["HTTPS://host:443/a/http://b", "/a/http://b"],
  ["http://host", "/"],
  ["http://host?b", "/?b"],
  ["*", "*"],
  ["http://", "http://"],
] as const) {
  test(`${target} is ${wanted}`, () => {
    assert.equal(originForm(target), wanted);
  });
}
