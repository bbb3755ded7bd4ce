import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { goJsonProblem } from "./go-json-problem.ts";

test("an object is right, whatever it holds, and so is null", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const bytes = Buffer.from(JSON.stringify(object, undefined, 1)).toString("latin1");
      assert.equal(goJsonProblem(bytes), undefined);
    }),
  );
  assert.equal(goJsonProblem(" null\n"), undefined);
});

test("what JSON.parse refuses is refused, and nothing else", () => {
  const odd = fc.string({
    unit: fc.constantFrom(...'{}[]",:\\ntrufals-0.1eE+ \u0001/'.split("")),
    maxLength: 12,
  });
  fc.assert(
    fc.property(odd, (text) => {
      const problem = goJsonProblem(text);
      const isSyntax = problem !== undefined && !problem.startsWith("json: cannot unmarshal");
      let isRefused = false;
      try {
        JSON.parse(text);
      } catch {
        isRefused = true;
      }
      assert.equal(isSyntax, isRefused, text);
    }),
    { numRuns: 2000 },
  );
});

test("what is wrong is said as Go says it", () => {
  for (const [text, problem] of [
    ["", "unexpected end of JSON input"],
    ['{"auths":', "unexpected end of JSON input"],
    ["auths: {}", "invalid character 'a' looking for beginning of value"],
    ['{"auths":{},}', "invalid character '}' looking for beginning of object key string"],
    ["{'auths':{}}", "invalid character '\\'' looking for beginning of object key string"],
    ['{"auths" {}}', "invalid character '{' after object key"],
    ['{"auths":{} "b":1}', "invalid character '\"' after object key:value pair"],
    ['{"a":[1 2]}', "invalid character '2' after array element"],
    ['{"a":tru}', "invalid character '}' in literal true (expecting 'e')"],
    ['{"a":-}', "invalid character '}' in numeric literal"],
    ['{"a":1.}', "invalid character '}' after decimal point in numeric literal"],
    ['{"a":1e}', "invalid character '}' in exponent of numeric literal"],
    ['{"a":"\\x"}', "invalid character 'x' in string escape code"],
    ['{"a":"\\u12"}', "invalid character '\"' in \\u hexadecimal character escape"],
    ['{"a":"\n"}', "invalid character '\\n' in string literal"],
    ["{} {}", "invalid character '{' after top-level value"],
    ["\u00fd", "invalid character '\u00fd' looking for beginning of value"],
    ["\u0089", "invalid character '\\u0089' looking for beginning of value"],
    ["[]", "json: cannot unmarshal array into Go value of type map[string]interface {}"],
    ['"x"', "json: cannot unmarshal string into Go value of type map[string]interface {}"],
    ["-1", "json: cannot unmarshal number into Go value of type map[string]interface {}"],
    ["true", "json: cannot unmarshal bool into Go value of type map[string]interface {}"],
  ] as const)
    assert.equal(goJsonProblem(text), problem, text);
});
