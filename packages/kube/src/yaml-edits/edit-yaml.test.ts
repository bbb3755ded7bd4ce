import assert from "node:assert/strict";
import { test } from "node:test";
import { EditableYaml } from "./edit-yaml.ts";
import type { FieldEdit } from "./field-edit.ts";

type Example = readonly [name: string, before: string, edit: FieldEdit, after: string | undefined];

const set = (path: FieldEdit["path"], value: unknown): FieldEdit => ({ path, op: "set", value });
const remove = (...path: FieldEdit["path"]): FieldEdit => ({ path, op: "remove" });

const examples: readonly Example[] = [
  ["a value", "a: 1 # one\nb: 2\n", set(["a"], 5), "a: 5 # one\nb: 2\n"],
  ["a value in quotes", `a: "x"  # c\nb: 'y'\n`, set(["a"], "z"), `a: "z"  # c\nb: 'y'\n`],
  ["a text that YAML would read as something else", "a: x\n", set(["a"], "yes"), 'a: "yes"\n'],
  ["a new field", "a: 1\nb: 2 # two\n# end\n", set(["c"], true), "a: 1\nb: 2 # two\nc: true\n# end\n"],
  [
    "a new field behind a nested block",
    "a:\n  b:\n    c: 1 # deep\n\nd: 2\n",
    set(["a", "x"], "z"),
    "a:\n  b:\n    c: 1 # deep\n  x: z\n\nd: 2\n",
  ],
  [
    "new fields above a new field, as wide as the others",
    "a:\n    b: 1\n",
    set(["a", "c", "d", "e"], 5),
    "a:\n    b: 1\n    c:\n        d:\n            e: 5\n",
  ],
  [
    "a new field of an item",
    "list:\n- name: x\n  image: y\n- name: z\n",
    set(["list", 0, "port"], 80),
    "list:\n- name: x\n  image: y\n  port: 80\n- name: z\n",
  ],
  [
    "a new item",
    "list:\n- name: x\n",
    set(["list", 1], { name: "z", ports: [1] }),
    "list:\n- name: x\n- name: z\n  ports:\n  - 1\n",
  ],
  ["in place of a block of text", "a: | # why\n  x\n  y\nb: 1\n", set(["a"], "z"), "a: z # why\nb: 1\n"],
  ["behind a block of text", "a: |\n  x\n  y\n\nb: 1\n", set(["c"], 1), "a: |\n  x\n  y\n\nb: 1\nc: 1\n"],
  [
    "behind a block of text at the end",
    "b:\n  a: |\n    x\n\nc: 1\n",
    set(["b", "d"], 1),
    "b:\n  a: |\n    x\n  d: 1\n\nc: 1\n",
  ],
  ["a key without a value", "a:\nb: 1\n", set(["a"], 5), "a: 5\nb: 1\n"],
  [
    "a key without a value, with a comment",
    "a: # why\nb: 1\n",
    set(["a", "x"], 5),
    "a: # why\n  x: 5\nb: 1\n",
  ],
  ["null", "a: null # why\n", set(["a", "x"], 5), "a: # why\n  x: 5\n"],
  ["an empty map", "a: {}\n", set(["a", "x", "z"], 5), "a: {x: {z: 5}}\n"],
  ["a map in a line", "a: {b: 1}\n", set(["a", "c"], "x"), "a: {b: 1, c: x}\n"],
  ["a list in a line", "a: [1, 2] # c\n", set(["a", 2], 3), "a: [1, 2, 3] # c\n"],
  ["a block with a value", "a: # c\n  b: 1\nd: 2\n", set(["a"], 1), "a: 1 # c\nd: 2\n"],
  [
    "line ends of Windows",
    "a: 1\r\nb:\r\n  c: 2\r\n",
    set(["b", "d"], 3),
    "a: 1\r\nb:\r\n  c: 2\r\n  d: 3\r\n",
  ],
  ["no line end at the end", "a: 1", set(["b"], 2), "a: 1\nb: 2"],
  ["JSON in one line", '{"a": {"b": 1}}', set(["a", "c"], "x"), '{"a": {"b": 1, "c": "x"}}'],
  [
    "JSON in lines",
    '{\n  "a": {\n    "b": 1\n  }\n}\n',
    set(["a", "c", "d"], "x"),
    '{\n  "a": {\n    "b": 1,\n    "c": {\n      "d": "x"\n    }\n  }\n}\n',
  ],
  ["an alias", "a: &x 1\nb: *x\n", set(["a"], 2), undefined],
  ["what an alias stands for", "a: &x {c: 1}\nb: *x\n", set(["b", "c"], 2), undefined],
  ["beside an anchor that nobody uses", "a: &x 1\nb: 2\n", set(["a"], 2), "a: &x 2\nb: 2\n"],
  ["the second document", "a: 1\n---\na: 2\n", set(["a"], 3), "a: 3\n---\na: 2\n"],
  ["a field away", "a: 1\n# about b\nb: 2 # b\nc: 3\n", remove("b"), "a: 1\n# about b\nc: 3\n"],
  ["a block away", "a:\n  b: 1\n  c:\n    d: 1\ne: 2\n", remove("a", "c"), "a:\n  b: 1\ne: 2\n"],
  ["the only field away", "a:\n  b:\n    c: 1\nd: 2\n", remove("a", "b"), "a: {}\nd: 2\n"],
  ["the first field of an item away", "a:\n  - b: 1\n    c: 2\n", remove("a", 0, "b"), "a:\n  - c: 2\n"],
  ["an item away", "a:\n  - b: 1\n    c: 2\n  - d\n", remove("a", 0), "a:\n  - d\n"],
  ["the only item away", "a:\n  - b: 1\nc: 1\n", remove("a", 0), "a: []\nc: 1\n"],
  ["from a map in a line", "a: {b: 1, c: 2, d: 3}\n", remove("a", "c"), "a: {b: 1, d: 3}\n"],
  ["the last from a map in a line", "a: {b: 1, c: 2}\n", remove("a", "c"), "a: {b: 1}\n"],
  ["from JSON in lines", '{\n  "a": 1,\n  "b": 2\n}\n', remove("b"), '{\n  "a": 1\n}\n'],
  ["a key", "a:\n  b: 1 # c\n", { path: ["a", "b"], op: "rename", key: "d" }, "a:\n  d: 1 # c\n"],
  ["a key to one that is there", "a: 1\nb: 2\n", { path: ["a"], op: "rename", key: "b" }, undefined],
  ["a field of a scalar", "a: 1\n", set(["a", "b"], 1), undefined],
  ["an item beyond the end", "a: [1]\n", set(["a", 2], 1), undefined],
];

for (const [name, before, edit, after] of examples) {
  test(`${edit.op} ${name}`, () => {
    const yaml = new EditableYaml(before);
    assert.equal(yaml.edit(0, edit), after !== undefined);
    assert.equal(yaml.toString(), after ?? before);
    if (after !== undefined && edit.op === "set") {
      assert.ok(yaml.edit(0, edit));
      assert.equal(yaml.toString(), after, "a second time it changes nothing");
    }
  });
}

test("an edit reaches its own document", () => {
  const yaml = new EditableYaml("# first\na: 1\n---\n# second\na: 2\n---\n{a: 3}\n");
  assert.ok(yaml.edit(1, set(["b"], 0)));
  assert.ok(yaml.edit(2, set(["b"], 0)));
  assert.equal(yaml.toString(), "# first\na: 1\n---\n# second\na: 2\nb: 0\n---\n{a: 3, b: 0}\n");
});

test("an edit reaches its own document beside one that cannot be read", () => {
  const broken = `---\na: ${"[".repeat(1_000)}\n`;
  const yaml = new EditableYaml(`a: 1\n${broken}---\na: 2\n`);
  assert.ok(yaml.edit(0, set(["b"], 0)));
  assert.ok(yaml.edit(2, set(["b"], 0)));
  assert.equal(yaml.toString(), `a: 1\nb: 0\n${broken}---\na: 2\nb: 0\n`);
});
