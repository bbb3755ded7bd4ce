import assert from "node:assert/strict";
import { test } from "node:test";
import { marksFor } from "./marks.ts";

test("words stand for signs without colours and in an ASCII locale", () => {
  assert.equal(marksFor({}).good, "✔");
  assert.equal(marksFor({ LANG: "C.UTF-8", NO_COLOR: "" }).bad, "✖");
  assert.equal(marksFor({ NO_COLOR: "1" }).bad, "FAIL");
  assert.equal(marksFor({ LANG: "en_US.UTF-8", LC_ALL: "C" }).good, "ok");
});
