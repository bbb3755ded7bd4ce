import assert from "node:assert/strict";
import { test } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import { commands } from "./commands.ts";
import { durationFlag, numberFlag, runFlag } from "./flag-values.ts";
import { commandHelp, generalHelp } from "./help.ts";
import { parseCommand } from "./parse-command.ts";
import { suggest } from "./suggest.ts";

const trial = commands.find((command) => command.name === "trial")!;

function code(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof SeaworthyError) return error.code;
    throw error;
  }
  return undefined;
}

test("arguments and flags are told apart, in any order", () => {
  const input = parseCommand(trial, ["k8s/", "--run", "a=b", "--keep", "--run=c=d --e", "more/"]);
  assert.deepEqual(input.args, ["k8s/", "more/"]);
  assert.deepEqual(runFlag(input.flags), { a: "b", c: "d --e" });
  assert.equal(input.flags["keep"], true);
});

test("wrong usage has a code", () => {
  assert.equal(
    code(() => parseCommand(trial, ["--roundz", "3"])),
    "SW1001",
  );
  assert.equal(
    code(() => parseCommand(trial, ["--rounds"])),
    "SW1002",
  );
  assert.equal(
    code(() => parseCommand(trial, ["--output", "--rounds"])),
    "SW1002",
  );
  assert.equal(
    code(() => parseCommand(trial, ["--output", "xml"])),
    "SW1002",
  );
  assert.equal(
    code(() => parseCommand(trial, ["--keep=yes"])),
    "SW1002",
  );
  assert.equal(
    code(() =>
      parseCommand(
        commands.find((each) => each.name === "cluster")!,
        ["k8s/"],
      ),
    ),
    "SW1001",
  );
  assert.equal(
    code(() => numberFlag({ rounds: "0" }, "rounds", { min: 1, max: 9 })),
    "SW1002",
  );
  assert.equal(
    code(() => numberFlag({ rounds: "two" }, "rounds", { min: 1, max: 9 })),
    "SW1002",
  );
  assert.equal(
    code(() => durationFlag({ timeout: "-1" }, "timeout")),
    "SW1002",
  );
  assert.equal(
    code(() => runFlag({ run: ["shop"] })),
    "SW2004",
  );
});

test("a length of time is in seconds unless it says otherwise", () => {
  assert.deepEqual(
    ["90", "90s", "2m", "500ms"].map((timeout) => durationFlag({ timeout }, "timeout")),
    [90_000, 90_000, 120_000, 500],
  );
});

test("a typo gets a suggestion, another word none", () => {
  assert.equal(suggest("trail", ["trial", "up", "cluster"]), "trial");
  assert.equal(suggest("clus", ["trial", "up", "cluster"]), "cluster");
  assert.equal(suggest("deploy", ["trial", "up", "cluster"]), undefined);
});

test("help shows examples before flags and fits in 140 columns", () => {
  for (const command of commands) {
    const help = commandHelp(command);
    assert.ok(help.indexOf("seaworthy") < help.indexOf("--help"));
    for (const line of help.split("\n")) assert.ok(line.length <= 140, line);
  }
  assert.match(generalHelp(commands), /Exit codes/);
});
