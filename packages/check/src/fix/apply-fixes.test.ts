import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests } from "@seaworthy/kube";
import type { Edit } from "../rule.ts";
import { reportFinding } from "../run/reported.ts";
import { countFixes } from "./apply-fixes.ts";

const manifest = parseManifests("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n")[0]!;

function found(isSafe: boolean) {
  const edit: Edit = { manifest, path: ["data", "one"], op: "set", value: "1" };
  const fix = { isSafe, edits: [edit] };
  return reportFinding({ id: "rule", why: "Why." }, "warning", {
    manifest,
    path: [],
    message: "",
    next: [],
    fix,
  });
}

test("only fixes of files that can be written are counted", () => {
  const findings = [found(true), found(false), found(false)];
  assert.deepEqual(countFixes(findings, new Set(["a.yaml"])), { safe: 1, unsafe: 2 });
  assert.deepEqual(countFixes(findings, new Set(["kubectl kustomize prod"])), { safe: 0, unsafe: 0 });
});
