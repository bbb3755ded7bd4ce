import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import type { CommandContext } from "../command.ts";
import { watchChecks, type WatchWorld } from "./watch-checks.ts";

/** A watch that says at once that something has changed, so many times; then somebody presses Ctrl-C. */
function scripted(times: number, isTTY: boolean) {
  const stop = new AbortController();
  const covered: string[] = [];
  let left = times;
  const stdout = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  const world: WatchWorld = {
    now: () => new Date(2026, 0, 1, 12, 3, 4),
    openWatch: () => ({
      cover: async (paths) => void covered.push(paths.join(" ")),
      changed: async () => {
        left -= 1;
        if (left < 0) stop.abort();
      },
      [Symbol.dispose]() {},
    }),
  };
  const context: CommandContext = {
    stdin: new PassThrough(),
    stdout,
    stderr: Object.assign(new PassThrough(), { isTTY, columns: 80 }),
    env: {},
    cwd: "/",
    signal: stop.signal,
  };
  return { context, world, covered, told: () => String(stdout.read() ?? "") };
}

/** Checks that say one thing after another. */
function saying(...texts: readonly (string | Error)[]) {
  let at = 0;
  return async ({ stdout }: CommandContext) => {
    const text = texts[at++]!;
    if (text instanceof Error) throw text;
    stdout.write(text);
    return text === "clean\n" ? 0 : 1;
  };
}

const footer = "\nchecked at 12:03:04, and again when a file changes; Ctrl-C ends\n";

test("outside a terminal findings are told when they are others, and the last exit code counts", async () => {
  const { context, world, covered, told } = scripted(3, false);
  const check = saying("one\n", "one\n", "clean\n", "one\n");
  assert.equal(await watchChecks(["k8s"], check, context, world), 1);
  assert.equal(told(), `one\n${footer}\nclean\n${footer}\none\n${footer}`);
  assert.deepEqual(covered, ["k8s", "k8s", "k8s", "k8s"]);
});

test("on a terminal findings take the place of the last ones", async () => {
  const { context, world, told } = scripted(1, true);
  assert.equal(await watchChecks(["k8s"], saying("one\n", "clean\n"), context, world), 0);
  const clear = "\u001B[2J\u001B[H";
  assert.equal(told(), `${clear}one\n${footer}${clear}clean\n${footer}`);
});

test("an error ends no watch", async () => {
  const { context, world, told } = scripted(1, false);
  const broken = new SeaworthyError("SW1003", "a.yaml cannot be read", { next: [] });
  assert.equal(await watchChecks(["a.yaml"], saying(broken, "clean\n"), context, world), 0);
  assert.match(told(), /^error\[SW1003\]: a\.yaml cannot be read\n[^]*clean\n/);
});
