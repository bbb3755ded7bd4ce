import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTold } from "./format-told.ts";
import { plainPaint } from "./paint.ts";
import { widthOf } from "./text-width.ts";

const tell = (column: number, length: number, sourceLine: string, label: string) =>
  formatTold(
    {
      heading: "warning[no-drain]",
      message: "container api gets SIGTERM",
      details: {
        place: { file: "k8s/app.yaml", line: 14, column, length, sourceLine, label },
        object: "Deployment shop",
        field: "spec.template.spec.containers[0].lifecycle",
        why: "a long reason that does not fit into the line that is left for it here",
        next: ["lifecycle.preStop.sleep.seconds: 5"],
      },
    },
    { paint: plainPaint, width: 50 },
  ).split("\n");

test("all but the first line fits the screen, broken between words", () => {
  assert.deepEqual(tell(9, 9, "        name: api", "no preStop hook"), [
    "warning[no-drain]: container api gets SIGTERM",
    " │ k8s/app.yaml:14:9   Deployment shop",
    " │ spec.template.spec.containers[0].lifecycle",
    "14│         name: api",
    "  │         ^^^^^^^^^ no preStop hook",
    " │ why   a long reason that does not fit into the",
    " │       line that is left for it here",
    " │ next  lifecycle.preStop.sleep.seconds: 5",
    "",
  ]);
});

test("of a long line the part around the spot is shown", () => {
  const line = `${"a".repeat(200)} here ${"b".repeat(200)}`;
  const [, , , shown = "", caret = ""] = tell(202, 4, line, "the spot");
  assert.ok(shown.length <= 50 && caret.length <= 50, `${shown}\n${caret}`);
  assert.equal(shown.slice(caret.indexOf("^"), caret.lastIndexOf("^") + 1), "here");
  assert.ok(shown.startsWith("14│ …") && shown.endsWith("…"));
});

test("carets stand below what they mean: under wide characters, accents, emoji and tabs", () => {
  const lines = ["名前: 网站 # 港", "cafe\u0301: 🚢👩‍👩‍👧 x", "\tkey:\tvalue"].map((line) => {
    const spot = line.split(/[ \t]/).filter((word) => word !== "")[1]!;
    const [, , , shown = "", caret = ""] = tell(line.indexOf(spot) + 1, spot.length, line, "here");
    assert.equal(shown.slice(4), line);
    return caret.slice(4);
  });
  assert.deepEqual(lines, ["      ^^^^ here", "      ^^^^ here", "\t    \t^^^^^ here"]);
});

test("a long line of wide characters is cut between them, and its caret stands right", () => {
  const [, , , shown = "", caret = ""] = tell(100, 2, `${"网".repeat(99)}港口${"站".repeat(99)}`, "the spot");
  assert.ok(widthOf(shown) <= 50 && widthOf(caret) <= 50, `${shown}\n${caret}`);
  assert.equal(widthOf(shown.slice(0, shown.indexOf("港"))), caret.indexOf("^"));
  assert.match(caret, /\^{4} the spot$/);
});

test("on a screen the first line is broken, too", () => {
  const told = formatTold(
    { heading: "error[x]", message: "one two three four five six", details: { object: "Pod a" } },
    { paint: plainPaint, width: 20, isScreen: true },
  );
  assert.equal(told, "error[x]: one two\n │ three four five\n │ six\n │ Pod a\n");
});

test("a label that does not fit behind the caret stands below it", () => {
  const lines = tell(40, 5, `${" ".repeat(39)}value`, "a label of some length");
  assert.equal(lines[4], `  │ ${" ".repeat(39)}^^^^^`);
  assert.equal(lines[5], `  │ ${" ".repeat(24)}a label of some length`);
});

test("what a terminal would obey is not shown to it", () => {
  const [, , , shown] = tell(1, 1, "name: \u001b[2Jgone", "x");
  assert.equal(shown, "14│ name: \ufffd[2Jgone");
});
