import assert from "node:assert/strict";
import { test } from "node:test";
import { tryOut } from "./try-out.ts";

test("httpserver-basic loses nothing while its pods are replaced", { timeout: 120_000 }, async () => {
  const { requests, terminations } = await tryOut("examples/httpserver-basic");
  assert.equal(requests.failed, 0);
  assert.ok(terminations >= 4, `${terminations} pods ended`);
});
