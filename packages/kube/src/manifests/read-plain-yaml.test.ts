import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import * as fc from "fast-check";
import { parseAllDocuments, stringify } from "yaml";
import { readPlainFlow } from "./read-plain-flow.ts";
import { readPlainYaml } from "./read-plain-yaml.ts";
import { yamlOptions } from "./yaml-options.ts";

/** What the YAML reader says; undefined when the text is broken or is no single document. */
function slow(text: string): { readonly value: unknown } | undefined {
  const documents = parseAllDocuments(text, { ...yamlOptions, uniqueKeys: true });
  if (!Array.isArray(documents) || documents.length === 0) return { value: null };
  const [document] = documents;
  if (documents.length !== 1 || document === undefined || document.errors.length > 0) return undefined;
  return { value: document.toJS() as unknown };
}

/** It may leave a text to the YAML reader, and must not read it otherwise. Gives whether it has read it. */
function isReadAlike(text: string): boolean {
  const fast = readPlainYaml(text);
  if (fast === undefined) return false;
  assert.deepEqual(fast, slow(text), text);
  return true;
}

const tokens = fc.constantFrom(
  ..."a b: :x - #c '' \"q\" 'it''s' { } [ ] {a: b} [1, x] | |- > yes on null ~ 8 010 0o7 1.5 1e3 .5 12:30 500m a:b a#b & * ! <<: ? --- -c key: name: \n \n \n".split(
    " ",
  ),
  "  ",
  "\n  ",
  "\n    ",
  "\n- ",
  "\n  - ",
  ": ",
  " #",
);

test("whatever is written, it reads what the YAML reader reads, or nothing", () => {
  fc.assert(
    fc.property(fc.array(tokens, { maxLength: 14 }), (parts) => {
      isReadAlike(parts.join(""));
      isReadAlike(parts.join(" "));
    }),
    { numRuns: process.env["FUZZ_CASES"] === undefined ? 5_000 : 40_000 },
  );
});

const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    "x",
    "yes",
    "y",
    "1",
    "",
    "a: b",
    "# no",
    "- x",
    "two\nlines\n",
    "two\nlines",
    "\n x\n\n",
    "é",
    " s ",
    "12:30",
    "1_0",
    null,
    true,
    0,
    -1,
    8080,
    1.5,
  ),
  fc.string({ maxLength: 8 }),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.dictionary(fc.constantFrom("name", "app.kubernetes.io/name", "on", "8080", "a b", "y"), tie("value"), {
      maxKeys: 4,
    }),
    fc.array(tie("value"), { maxLength: 3 }),
  ),
}));

const flowParts = fc.constantFrom(
  ...'a b yes ~ 1 010 1e3 100m 5Mi .5 -1 /x a.b/c "q" \'q\' "it\'s" \'a,b\' "a: b" , : {} [] # __proto__'.split(
    " ",
  ),
  "a: ",
  "b: ",
  ", ",
  " ",
);

test("what is in brackets is read as the YAML reader reads it, or not at all", () => {
  fc.assert(
    fc.property(
      fc.array(flowParts, { maxLength: 8 }),
      fc.constantFrom("{}", "[]", "[}"),
      (parts, brackets) => {
        isReadAlike(`key: ${brackets[0]}${parts.join("")}${brackets[1]}`);
      },
    ),
    { numRuns: 10_000 },
  );
  assert.deepEqual(readPlainFlow("{ app: shop, cpu: 100m, port: 80 }"), {
    app: "shop",
    cpu: "100m",
    port: 80,
  });
  assert.deepEqual(readPlainFlow(`[sh, "-c", 'a b']`), ["sh", "-c", "a b"]);
});

test("what is written from values is read back", () => {
  fc.assert(
    fc.property(value, fc.boolean(), fc.constantFrom(2, 4), (content, indentSeq, indent) => {
      isReadAlike(stringify(content, { ...yamlOptions, indentSeq, indent, lineWidth: 0 }));
    }),
    { numRuns: 2_000 },
  );
});

test("most manifests are plain", () => {
  const files = globSync(["examples/**/*.yaml", "packages/check/src/rules/**/*.yaml"]);
  const documents = files.flatMap((file) => readFileSync(file, "utf8").split(/^---$/m));
  const read = documents.filter(isReadAlike).length;
  assert.ok(read > documents.length * 0.9, `${read} of ${documents.length}`);
});
