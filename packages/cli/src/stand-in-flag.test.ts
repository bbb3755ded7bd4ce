import assert from "node:assert/strict";
import { test } from "node:test";
import { standInFlag } from "./stand-in-flag.ts";

const good: readonly [text: string, expected: object][] = [
  ["exit", { onTerm: "exit" }],
  ["drain", { onTerm: "drain" }],
  ["drain:1s", { onTerm: "drain", drainMs: 1000 }],
  ["drain:0", { onTerm: "drain", drainMs: 0 }],
  ["start:250ms,ignore", { onTerm: "ignore", startMs: 250 }],
  ["drain:2.5s, start:1m", { onTerm: "drain", drainMs: 2500, startMs: 60_000 }],
];
for (const [text, expected] of good) {
  test(`--stand-in ${text}`, () => {
    assert.deepEqual(standInFlag({ "stand-in": text }), expected);
  });
}

for (const text of [
  "",
  "stop",
  "exit:1s",
  "drain:",
  "drain:soon",
  "drain:2h",
  "drain:1s:2s",
  "start",
  "drain,,exit",
]) {
  test(`--stand-in ${JSON.stringify(text)} is refused with what it takes`, () => {
    assert.throws(() => standInFlag({ "stand-in": text }), { code: "SW1002" });
  });
}

test("without the flag nothing is said", () => {
  assert.equal(standInFlag({}), undefined);
});
