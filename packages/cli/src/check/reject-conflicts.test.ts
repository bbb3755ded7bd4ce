import assert from "node:assert/strict";
import { test } from "node:test";
import type { CommandInput } from "../command.ts";
import { rejectConflicts } from "./reject-conflicts.ts";

const refused: readonly (readonly [what: string, input: CommandInput, message: RegExp])[] = [
  ["stdin", { args: ["-"], flags: { prove: true } }, /--prove tries files .* does not go with -$/],
  ["a cluster", { args: [], flags: { prove: true, context: "kind" } }, /does not go with --context/],
  ["--fix", { args: [], flags: { prove: true, fix: true } }, /does not go with --fix/],
  ["--watch", { args: [], flags: { prove: true, watch: true } }, /does not go with --watch/],
  ["a baseline to write", { args: [], flags: { prove: true, "write-baseline": true } }, /--write-baseline/],
  ["sarif", { args: [], flags: { prove: true, output: "sarif" } }, /does not go with --output sarif/],
  ["junit", { args: [], flags: { prove: true, output: "junit" } }, /does not go with --output junit/],
  ["nothing that runs", { args: [], flags: { "allow-host": true } }, /--allow-host is about what is run/],
];

for (const [what, input, message] of refused)
  test(`a proof does not go with ${what}`, () => {
    assert.throws(() => rejectConflicts(input), { code: "SW1002", message });
  });

test("a proof goes with what is read by people, and with JSON", () => {
  for (const output of [undefined, "text", "json", "github"])
    rejectConflicts({ args: ["k8s/"], flags: { prove: true, "allow-host": true, output } });
});

test("a dry run goes with nothing that is written, and with no other output than its diff", () => {
  const flags = { fix: true, "dry-run": true };
  rejectConflicts({ args: ["k8s/"], flags: { ...flags, output: "text" } });
  for (const other of [{ output: "json" }, { "write-baseline": true }])
    assert.throws(() => rejectConflicts({ args: ["k8s/"], flags: { ...flags, ...other } }), {
      code: "SW1002",
      message: /^--dry-run prints a diff and writes nothing, which does not go with --/,
    });
});
