import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { seaworthy } from "../seaworthy-command.ts";

test("the strict profile has nothing to say about the reference service, but for what it ignores with a reason", async () => {
  const args = ["check", resolve("apps/httpserver/k8s"), "--profile", "strict", "--output", "json"];
  const { exitCode, stdout, stderr } = await seaworthy(args);
  assert.equal(exitCode, 0, stderr);
  const { findings, ignored } = JSON.parse(stdout) as {
    readonly findings: readonly unknown[];
    readonly ignored: readonly { readonly rule: string }[];
  };
  assert.deepEqual(findings, []);
  assert.deepEqual(
    ignored.map(({ rule }) => rule),
    ["min-ready-seconds", "image-no-digest"],
  );
});
