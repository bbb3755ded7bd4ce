import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests, EditableYaml } from "@seaworthy/kube";
import type { Edit } from "../rule.ts";
import { reportFinding } from "../run/reported.ts";
import { applyFixes } from "./apply-fixes.ts";
import { createTextFixer, type Replacement } from "./text-fixes.ts";

const text = `# first
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
data:
  one: "1" # stays
  two: "2"
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: b`;

/** What is reported of an edit of these objects. */
function found(edits: (manifests: ReturnType<typeof parseManifests>) => Edit[]) {
  const manifests = parseManifests("a.yaml", text);
  const fix = { isSafe: true, edits: edits(manifests) };
  const finding = { manifest: manifests[0]!, path: [], message: "", next: [], fix };
  return reportFinding({ id: "rule", why: "Why." }, "warning", finding);
}

/** A text with its replacements, as a reader of SARIF applies them. */
function applied(written: string, replacements: readonly Replacement[]): string {
  const starts = [0, ...Array.from(written.matchAll(/\n/g), ({ index }) => index + 1)];
  const at = (line: number, column: number) => (starts[line - 1] ?? written.length) + column - 1;
  return replacements.toReversed().reduce((so, { startLine, startColumn, endLine, endColumn, text: put }) => {
    return so.slice(0, at(startLine, startColumn)) + put + so.slice(at(endLine, endColumn));
  }, written);
}

const cases: Readonly<Record<string, (manifests: ReturnType<typeof parseManifests>) => Edit[]>> = {
  "a new value": ([a]) => [{ manifest: a!, path: ["data", "one"], op: "set", value: "9" }],
  "a new field in the last line": ([, b]) => [
    { manifest: b!, path: ["metadata", "namespace"], op: "set", value: "shop" },
  ],
  "a field that goes": ([a]) => [{ manifest: a!, path: ["data", "two"], op: "remove" }],
  "two objects": ([a, b]) => [
    { manifest: a!, path: ["data", "one"], op: "rename", key: "uno" },
    { manifest: b!, path: ["metadata", "name"], op: "set", value: "c" },
  ],
};

for (const [name, edits] of Object.entries(cases))
  test(`${name} is what --fix would write`, () => {
    const yaml = new EditableYaml(text);
    assert.equal(applyFixes([found(edits)], new Map([["a.yaml", yaml]]), { unsafe: false }).length, 1);
    const fixer = createTextFixer(new Map([["a.yaml", text]]));
    const [change] = fixer(found(edits));
    assert.equal(change?.file, "a.yaml");
    assert.notEqual(yaml.toString(), text);
    assert.equal(applied(text, change.replacements), yaml.toString());
    // A fix is told by itself: one that was told before has changed nothing.
    assert.deepEqual(fixer(found(edits)), [change]);
  });

test("a fix of what is in no file is none", () => {
  assert.deepEqual(createTextFixer(new Map())(found(cases["a new value"]!)), []);
});
