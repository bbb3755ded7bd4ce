import assert from "node:assert/strict";
import { test } from "node:test";
import { builtInKinds } from "./built-in-kinds.ts";
import { loadRules, rulesOf } from "./kind-rules.ts";
import { kind } from "./kind.ts";

test("rules that are read late are there when they have been read, for all versions of the kind", async () => {
  const rules = { *warnings() {} };
  const late = kind("example.com", "v1", "Late", "lates", "cluster", {
    loadRules: () => Promise.resolve(rules),
  });
  assert.throws(() => rulesOf(late), TypeError);
  await Promise.all([loadRules(late), loadRules(late)]);
  assert.equal(loadRules({ ...late, plural: "others" }), undefined);
  assert.equal(rulesOf(late), rules);
});

test("a kind that brings its rules along has nothing to be read", () => {
  const early = kind("example.com", "v1", "Early", "earlies", "cluster");
  assert.equal(loadRules(early), undefined);
  assert.equal(rulesOf(early), early);
});

test("every built-in kind that is stored has rules for what is made and what is changed", async () => {
  for (const each of builtInKinds.filter(({ storage }) => storage !== undefined)) {
    await loadRules(each);
    const { createErrors, updateErrors } = rulesOf(each);
    assert.ok(createErrors !== undefined && updateErrors !== undefined, each.kind);
  }
});
