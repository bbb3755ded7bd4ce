import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { LabelSelector } from "../object.ts";
import { matchesFieldSelector, parseFieldSelector } from "./field-selector.ts";
import { formatLabelSelector } from "./format-label-selector.ts";
import { matchesLabelSelector } from "./matches-label-selector.ts";
import { parseLabelSelector } from "./parse-label-selector.ts";

test("label selectors match as Kubernetes documents them", () => {
  const labels = { environment: "production", tier: "frontend", cores: "8", empty: "" };
  const cases: [string, boolean][] = [
    ["", true],
    ["environment=production", true],
    ["environment==production,tier!=frontend", false],
    ["environment=production,tier!=cache", true],
    ["environment in (production, qa)", true],
    ["environment in (qa)", false],
    ["tier notin (frontend, backend)", false],
    ["absent notin (frontend)", true],
    ["absent!=x", true],
    ["tier", true],
    ["!tier", false],
    ["! absent", true],
    ["partition,environment notin (qa)", false],
    ["cores>4", true],
    ["cores<4", false],
    ["cores>8", false],
    ["tier>4", false],
    ["empty=", true],
    ["empty=,tier", true],
    ["empty in ()", true],
    ["empty in (,x)", true],
    ["constructor", false],
  ];
  for (const [text, expected] of cases) {
    assert.equal(matchesLabelSelector(parseLabelSelector(text), labels), expected, text);
  }
});

test("no selector matches nothing, an empty one matches everything", () => {
  assert.equal(matchesLabelSelector(undefined, { a: "b" }), false);
  assert.equal(matchesLabelSelector(null, undefined), false);
  assert.equal(matchesLabelSelector({}, undefined), true);
});

test("broken label selectors are refused with SW1109", () => {
  const broken = [
    "a=b,",
    ",a",
    "a=b c",
    "a in b",
    "a in (b",
    "a in (b))",
    "a==!b",
    "!",
    "a=b=c",
    "a>x",
    "x y z",
  ];
  for (const text of [
    ...broken,
    "-a=b",
    "a=-b",
    "a/b/c=d",
    "UPPER.io/a",
    `a=${"x".repeat(64)}`,
    "a in (b,c",
  ]) {
    if (text === "UPPER.io/a") continue;
    assert.throws(() => parseLabelSelector(text), { code: "SW1109" }, text);
  }
  assert.throws(() => parseLabelSelector("UPPER.io/a"), { code: "SW1109" });
});

test("a selector reads back from its text and matches the same labels", () => {
  const key = fc.stringMatching(/^([a-z]{1,4}\.io\/)?[a-z]{1,3}$/);
  const value = fc.constantFrom("", "a", "b", "x-1", "in", "notin");
  const values = fc.uniqueArray(value, { minLength: 1, maxLength: 3 }).map((list) => list.sort());
  const plain = { noNullPrototype: true };
  const requirement = fc.oneof(
    fc.record({ key, operator: fc.constantFrom("In", "NotIn"), values }, plain),
    fc.record({ key, operator: fc.constantFrom("Exists", "DoesNotExist") }, plain),
    fc.record({ key, operator: fc.constantFrom("Gt", "Lt"), values: fc.constantFrom(["1"], ["20"]) }, plain),
  );
  const selector = fc.record(
    {
      matchLabels: fc.dictionary(key, value, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
      matchExpressions: fc.array(requirement, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  fc.assert(
    fc.property(selector as fc.Arbitrary<LabelSelector>, (selector) => {
      assert.deepEqual(parseLabelSelector(formatLabelSelector(selector)), selector);
    }),
  );
});

test("field selectors split, unescape and match", () => {
  assert.deepEqual(parseFieldSelector(""), []);
  assert.deepEqual(parseFieldSelector("status.phase=Running,spec.nodeName!=n1,a==b"), [
    { field: "status.phase", operator: "=", value: "Running" },
    { field: "spec.nodeName", operator: "!=", value: "n1" },
    { field: "a", operator: "=", value: "b" },
  ]);
  assert.deepEqual(parseFieldSelector(String.raw`a=x\,y\=z\\`), [
    { field: "a", operator: "=", value: "x,y=z\\" },
  ]);
  assert.deepEqual(parseFieldSelector("spec.nodeName="), [
    { field: "spec.nodeName", operator: "=", value: "" },
  ]);
  for (const text of ["a", "a=b=c", String.raw`a=\b`, "a=b\\"]) {
    assert.throws(() => parseFieldSelector(text), { code: "SW1109" }, text);
  }
  const fields = (field: string): string | undefined => ({ "status.phase": "Running" })[field];
  assert.equal(matchesFieldSelector(parseFieldSelector("status.phase=Running,spec.nodeName="), fields), true);
  assert.equal(matchesFieldSelector(parseFieldSelector("status.phase!=Running"), fields), false);
});
