import assert from "node:assert/strict";
import { test } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import type { Rule } from "../rule.ts";
import { chooseRules } from "./choose-rules.ts";

const rule = (id: string, page: Partial<Rule>): Rule => ({
  id,
  severity: "warning",
  title: id,
  why: "",
  mend: "",
  sources: [],
  check: () => [],
  ...page,
});

const all = [
  rule("usual", { profile: "default" }),
  rule("careful", { profile: "strict", podSecurity: "restricted" }),
  rule("secure", { podSecurity: "baseline", severity: "error" }),
  rule("scored", { peers: { "kube-score": ["pod-probes"] } }),
];

const chosen = (profile: string, choices: Parameters<typeof chooseRules>[2] = []) =>
  chooseRules(all, profile, choices).map(({ rule: { id }, severity }) => `${id} ${severity}`);

test("a profile chooses rules", () => {
  assert.deepEqual(chosen("default"), ["usual warning"]);
  assert.deepEqual(chosen("strict"), ["usual warning", "careful warning"]);
  assert.deepEqual(chosen("pss-baseline"), ["secure error"]);
  assert.deepEqual(chosen("pss-restricted"), ["careful warning", "secure error"]);
  assert.deepEqual(chosen("kube-score"), ["scored warning"]);
  assert.deepEqual(chosen("polaris"), []);
});

test("single rules are turned off and on, and the last word counts", () => {
  assert.deepEqual(
    chosen("default", [
      { id: "usual", level: "off" },
      { id: "secure", level: "on" },
      { id: "careful", level: "error" },
      { id: "careful", level: "advice" },
    ]),
    ["careful advice", "secure error"],
  );
});

test("what is not known is refused with what is near", () => {
  const place = { file: "seaworthy.yaml", line: 3, column: 5 };
  assert.throws(
    () => chosen("default", [{ id: "usaul", level: "off", place }]),
    (error) =>
      error instanceof SeaworthyError &&
      error.details.place?.line === 3 &&
      error.details.next?.[0] === "did you mean usual?",
  );
  assert.throws(() => chosen("strickt"), { code: "SW1002" });
});
