import assert from "node:assert/strict";
import { basename } from "node:path";
import { describe, test } from "node:test";
import { parseManifests } from "@seaworthy/kube";
import { loadKinds } from "../objects/load-kinds.ts";
import { createObjectSet } from "../objects/object-set.ts";
import { readExamples } from "../testing/rule-example.ts";
import { ruleFolders } from "../testing/rule-folders.ts";
import { placeOf } from "../place-of.ts";
import { rules } from "./rules.ts";

test("each rule has its folder, and each folder its rule, with a name of its own", () => {
  assert.deepEqual(rules.map(({ id }) => id).toSorted(), [...ruleFolders.keys()].toSorted());
});

test("a rule gives way to rules that there are", () => {
  const named = rules.flatMap(({ givesWayTo = [] }) => givesWayTo);
  assert.deepEqual(
    named.filter((id) => !ruleFolders.has(id)),
    [],
  );
});

for (const rule of rules) {
  describe(rule.id, () => {
    const examples = readExamples(ruleFolders.get(rule.id)!);

    test("has two examples that break it and two that do not", () => {
      assert.ok(examples.filter(({ breaks }) => breaks).length >= 2);
      assert.ok(examples.filter(({ breaks }) => !breaks).length >= 2);
    });

    for (const { file, text, breaks, marks } of examples) {
      test(`finds what is marked in ${basename(file)}, and nothing else`, async () => {
        const set = createObjectSet(parseManifests(file, text));
        await loadKinds(set.manifests);
        const found = [...rule.check(set)].map((finding) => {
          const { line, column, length } = placeOf(finding);
          return { line, text: `${line}:${column}+${length}` };
        });
        assert.deepEqual(
          found.toSorted((a, b) => a.line - b.line).map((each) => each.text),
          marks,
        );
        assert.equal(marks.length > 0, breaks);
      });
    }
  });
}
