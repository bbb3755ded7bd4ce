import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { parseAllDocuments, stringify } from "yaml";
import { deepEqual } from "../deep-equal.ts";
import { yamlOptions } from "../manifests/yaml-options.ts";
import type { FieldPath } from "../validation/field-path.ts";
import { EditableYaml } from "./edit-yaml.ts";
import { edited, type FieldEdit } from "./field-edit.ts";

const key = fc.constantFrom("name", "image", "spec", "app.kubernetes.io/name", "on", "8080", "a b");
const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    "x",
    "yes",
    "1",
    "",
    "a: b",
    "# no",
    "- x",
    "two\nlines\n",
    "é",
    " s ",
    "{{ x }}",
    null,
    true,
    0,
    8080,
    1.5,
  ),
  fc.string({ maxLength: 8 }),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, weight: 2, arbitrary: scalar } as never,
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    fc.array(tie("value"), { maxLength: 3 }),
  ),
}));
const document = fc.dictionary(key, value, { minKeys: 1, maxKeys: 4 });

/** How a text is written. */
const style = fc.record({
  indent: fc.constantFrom(2, 3, 4),
  indentSeq: fc.boolean(),
  kind: fc.constantFrom("block", "block", "flow", "json", "json in lines"),
  lineBreak: fc.constantFrom("\n", "\r\n"),
  endsWithBreak: fc.boolean(),
  comments: fc.array(fc.nat({ max: 40 }), { maxLength: 4 }),
});
type Style = typeof style extends fc.Arbitrary<infer T> ? T : never;

function write(
  content: unknown,
  { indent, indentSeq, kind, lineBreak, endsWithBreak, comments }: Style,
): string {
  if (kind === "json") return JSON.stringify(content);
  if (kind === "json in lines") return JSON.stringify(content, undefined, indent).replaceAll("\n", lineBreak);
  const text = stringify(content, {
    ...yamlOptions,
    indent,
    indentSeq,
    lineWidth: 0,
    ...(kind === "flow" ? { collectionStyle: "flow" as const } : {}),
  });
  const lines = text.trimEnd().split("\n");
  const commented = lines.flatMap((line, index) => {
    if (!comments.includes(index)) return [line];
    const own = `${/^ */.exec(line)![0]}# about line ${index}`;
    return index % 2 === 0 ? [own, line] : [`${line} # in line ${index}`];
  });
  // A comment within a text is part of it, and then another value is there: what counts is what is read.
  return commented.join(lineBreak) + (endsWithBreak ? lineBreak : "");
}

function read(text: string): unknown {
  const documents = parseAllDocuments(text, yamlOptions);
  assert.ok(Array.isArray(documents) && documents.every(({ errors }) => errors.length === 0), text);
  return documents.map((each) => each.toJS() as unknown);
}

function valueAt(content: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (each, step) => (each as Record<string | number, unknown> | null | undefined)?.[step],
    content,
  );
}

/** Every path in a value, and one more key or item in each map and list. */
function pathsIn(content: unknown, path: FieldPath = []): FieldPath[] {
  if (typeof content !== "object" || content === null) return [path];
  const children = Array.isArray(content)
    ? content.map((each, index) => [index, each] as const)
    : Object.entries(content);
  const more = Array.isArray(content) ? content.length : "more";
  return [path, [...path, more], ...children.flatMap(([step, each]) => pathsIn(each, [...path, step]))];
}

test("an edit changes the value that it is about, keeps every comment elsewhere, and changes nothing the second time", () => {
  let made = 0;
  let refused = 0;
  fc.assert(
    fc.property(
      document,
      style,
      fc.nat(),
      fc.oneof(
        fc.record({ op: fc.constant("set" as const), value }),
        fc.record({ op: fc.constant("set" as const), value: scalar }),
        fc.constant({ op: "remove" as const }),
        fc.constant({ op: "rename" as const, key: "renamed" }),
      ),
      (content, how, choice, change) => {
        const text = `# before\n---\n${write(content, how)}`;
        const documents = parseAllDocuments(text, yamlOptions);
        if (!Array.isArray(documents) || documents.length !== 1 || documents[0]!.errors.length > 0) return;
        const before = documents[0]!.toJS() as unknown;
        const paths = pathsIn(before).slice(1);
        const edit: FieldEdit = { path: paths[choice % paths.length] ?? ["more"], ...change };
        const wanted = edited(before, edit);
        const yaml = new EditableYaml(text);
        if (!yaml.edit(0, edit)) {
          assert.equal(yaml.toString(), text);
          if (wanted !== undefined) refused += 1;
          return;
        }
        made += 1;
        const after = yaml.toString();
        assert.ok(wanted !== undefined && deepEqual(read(after), [wanted.value]), after);
        const old = valueAt(before, edit.path);
        // What takes the place of an empty map or of null is not beside anything.
        const parent = valueAt(before, edit.path.slice(0, -1));
        const isNew = old === undefined && typeof parent === "object" && Object.keys(parent ?? {}).length > 0;
        if (edit.op !== "remove") assertOnlyNear(text, after, edit.op === "rename" ? null : old, isNew);
        if (edit.op !== "set") return;
        assert.ok(yaml.edit(0, edit));
        assert.equal(yaml.toString(), after);
      },
    ),
    { numRuns: process.env["FUZZ_CASES"] === undefined ? 600 : 3000 },
  );
  assert.ok(refused < made / 20, `${refused} were refused, ${made} made`);
});

/** One stretch of text is different: nothing is taken away for what is new, and no comment for a value or a key. */
function assertOnlyNear(before: string, after: string, old: unknown, isNew: boolean): void {
  const comments = (text: string): readonly string[] => text.match(/# (?:about|in) line \d+|# before/g) ?? [];
  // What looks like a comment inside of a text is a part of the value, and goes with it.
  const inside = comments(typeof old === "string" ? old : "");
  const outside = comments(before).filter((comment) => !inside.includes(comment));
  if (isNew || typeof old !== "object" || old === null) assert.deepEqual(comments(after), outside);
  const start = commonStart(before, after);
  const end = commonStart(backwards(before), backwards(after));
  if (isNew) assert.ok(start + end >= before.length, `${before}\n→\n${after}`);
}

function backwards(text: string): string {
  return text.split("").reverse().join("");
}

function commonStart(one: string, other: string): number {
  let index = 0;
  while (index < one.length && one[index] === other[index]) index += 1;
  return index;
}
