import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import * as fc from "fast-check";
import { LineCounter, parseAllDocuments, stringify } from "yaml";
import type { FieldPath } from "../validation/field-path.ts";
import { composedSpot } from "./composed-spot.ts";
import { readPlainYaml } from "./read-plain-yaml.ts";
import { SourceMap } from "./source-map.ts";
import { SpotNotes } from "./spot-notes.ts";
import { yamlOptions } from "./yaml-options.ts";

/** What is plain is found by its notes where the YAML reader would find it. Gives whether it is plain. */
function isPlacedAlike(text: string): boolean {
  const notes = new SpotNotes(text);
  const plain = readPlainYaml(text, notes);
  const documents = parseAllDocuments(text, yamlOptions);
  if (plain === undefined || plain.value === null || !Array.isArray(documents)) return false;
  const lineCounter = new LineCounter();
  for (const [at, letter] of `\n${text}`.split("").entries()) if (letter === "\n") lineCounter.addNewLine(at);
  const source = { file: "a.yaml", text, offset: 0, lineCounter };
  const noted = new SourceMap(source, () => notes.root);
  const composed = new SourceMap(source, () => composedSpot(documents[0]!));
  for (const path of pathsOf(plain.value, [])) {
    assert.deepEqual(noted.locate(path), composed.locate(path), `${JSON.stringify(path)} of\n${text}`);
    assert.deepEqual(noted.locateKey(path), composed.locateKey(path), `${JSON.stringify(path)} of\n${text}`);
  }
  return true;
}

/** Each path of a value, and below each one that leads nowhere. */
function* pathsOf(value: unknown, path: FieldPath): Generator<FieldPath> {
  yield path;
  yield [...path, "absent"];
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value))
    yield* pathsOf(inner, [...path, Array.isArray(value) ? Number(key) : key]);
}

const scalar = fc.constantFrom<unknown>(
  "x",
  "yes",
  "1",
  "",
  "a: b",
  "# no",
  "a#b",
  "two\nlines\n",
  "two\nlines",
  "it's",
  null,
  true,
  8080,
  1.5,
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.dictionary(fc.constantFrom("name", "app.kubernetes.io/name", "on", "8080", "a b"), tie("value"), {
      maxKeys: 4,
    }),
    fc.array(tie("value"), { maxLength: 3 }),
  ),
}));

test("what is written from values is noted where the YAML reader finds it", () => {
  fc.assert(
    fc.property(value, fc.boolean(), fc.constantFrom(2, 4), (content, indentSeq, indent) => {
      isPlacedAlike(stringify(content, { ...yamlOptions, indentSeq, indent, lineWidth: 0 }));
    }),
    { numRuns: 1_000 },
  );
});

test("so is what people write, with comments, spaces at the end and values in brackets", () => {
  const lines = fc.constantFrom(
    "a: 1",
    "b: { c: [1, x], d: y } # why",
    "c:  text  # why",
    "d:",
    "e: 'q' ",
    "f: # below",
    "  - g: 1 # one",
    "  -   h: 2",
    "    i:",
    "  -",
    "  - # nothing",
    "  - x",
    "  - [a, b]  ",
    "j: |  ",
    "  text",
    "",
    "# comment",
    "    k: {}",
  );
  fc.assert(
    fc.property(fc.array(lines, { maxLength: 8 }), (written) => {
      isPlacedAlike(written.join("\n"));
    }),
    { numRuns: 5_000 },
  );
});

test("so is every example of the rules", () => {
  const files = globSync(["examples/**/*.yaml", "packages/check/src/rules/**/*.yaml"]);
  const documents = files.flatMap((file) => readFileSync(file, "utf8").split(/^---$/m));
  const placed = documents.filter(isPlacedAlike).length;
  assert.ok(placed > documents.length * 0.9, `${placed} of ${documents.length}`);
});
