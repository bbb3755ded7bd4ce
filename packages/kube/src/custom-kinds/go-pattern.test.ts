import assert from "node:assert/strict";
import { test } from "node:test";
import { goPattern } from "./go-pattern.ts";

test("patterns mean what they mean in Go", () => {
  for (const [pattern, fits, does_not] of [
    ["^[a-z]+$", "abc", "aBc"],
    ["(?i)^ab$", "AB", "ac"],
    ["^(?i)ab$", "aB", "b"],
    ["^(a(?i)b)c$", "aBc", "aBC"],
    ["^[[:alpha:]_]+$", "a_B", "a1"],
    [String.raw`\A\d+\z`, "12", "1a"],
    [String.raw`^[a-z0-9\-\.]+$`, "a-1.b", "a_b"],
    [String.raw`^\pL+$`, "äß", "1"],
    ["^(?P<year>[0-9]{4})$", "2026", "26"],
    ["^[(?i)]$", "?", "a"],
  ] as const) {
    assert.ok(goPattern(pattern).test(fits), `${pattern}: ${fits}`);
    assert.ok(!goPattern(pattern).test(does_not), `${pattern}: ${does_not}`);
  }
  assert.throws(() => goPattern("("), SyntaxError);
});
