import assert from "node:assert/strict";
import { test } from "node:test";
import { quoteAsGo, toGoJson } from "./go-text.ts";

test("a quoted text escapes what is not to be seen", () => {
  for (const [text, quoted] of [
    ['a "b" \\', '"a \\"b\\" \\\\"'],
    ["a\tb\n\u0000\u007f", '"a\\tb\\n\\x00\\x7f"'],
    ["é日😀<>&", '"é日😀<>&"'],
    ["\u00ad\u200b\u2028\ufeff", '"\\u00ad\\u200b\\u2028\\ufeff"'],
    ["\u{e0001}", '"\\U000e0001"'],
  ] as const)
    assert.equal(quoteAsGo(text), quoted);
});

test("JSON escapes what HTML would mistake", () => {
  assert.equal(toGoJson({ a: "<b>&\u2028" }), '{"a":"\\u003cb\\u003e\\u0026\\u2028"}');
  assert.equal(toGoJson(undefined), "null");
});
