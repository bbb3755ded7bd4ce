import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { splitLines } from "../logs/container-log.ts";
import { expandVariables } from "./expand-variables.ts";
import { createImages } from "./images.ts";
import { quote } from "../runtime/mount-script.ts";
import { splitCommandLine } from "./split-command-line.ts";
import { simpleCommands, standInExec } from "../stand-in/stand-in-exec.ts";
import { settlingClock } from "../../testing/fake-clock.ts";

test("splits a command line as a shell does", () => {
  assert.deepEqual(splitCommandLine(`node  "a b" 'c "d"' e\\ f ""`), ["node", "a b", 'c "d"', "e f", ""]);
  assert.throws(() => splitCommandLine("node 'a"), { code: "SW2004" });
});

test("a quoted word is split back into itself", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => {
      assert.deepEqual(splitCommandLine(words.map(quote).join(" ")), words);
    }),
  );
});

test("expands variables as Kubernetes does", () => {
  const values = { A: "1", B: "$(A)" };
  assert.equal(expandVariables("$(A) $$(A) $(B) $(C) $A $$$(A) $", values), "1 $(A) $(A) $(C) $A $1 $");
});

test("text without a dollar is never changed by expansion", () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes("$")),
      (text) => {
        assert.equal(expandVariables(text, { A: "1" }), text);
      },
    ),
  );
});

test("finds images by their whole reference or their name", () => {
  const images = createImages({
    run: { "a/b": "one", "a/b:v2": "two" },
    standIn: { onTerm: "exit", drainMs: 0, startMs: 0 },
    cwd: "/",
  });
  const entrypoint = (image: string) =>
    (images.resolve(image) as { entrypoint: readonly string[] }).entrypoint;
  assert.deepEqual([entrypoint("a/b:v1"), entrypoint("a/b:v2"), entrypoint("a/c")], [["one"], ["two"], []]);
  assert.deepEqual(images.standIns, ["a/c"]);
  assert.equal("error" in images.resolve("UPPER"), true);
});

test("an image's own stop signal goes with its command, and a wrong one is refused", () => {
  const stopSignal = (text: string) =>
    createImages({
      run: { nginx: { command: "nginx", stopSignal: text } },
      standIn: { onTerm: "exit", drainMs: 0, startMs: 0 },
      cwd: "/",
    }).resolve("nginx:1.29");
  assert.deepEqual(stopSignal("QUIT"), {
    entrypoint: ["nginx"],
    stopSignal: "SIGQUIT",
    workingDir: "/",
    standIn: false,
  });
  assert.throws(() => stopSignal("SIGSTOPPED"), /SIGSTOPPED is no signal/);
});

test("an image that says where its command starts is started there, the others where all are", () => {
  const images = createImages({
    run: { own: { command: "./own", cwd: "/own" }, other: { command: "./other" } },
    standIn: { onTerm: "exit", drainMs: 0, startMs: 0 },
    cwd: "/all",
  });
  const folder = (image: string) => (images.resolve(image) as { workingDir: string }).workingDir;
  assert.deepEqual([folder("own:1"), folder("other:1")], ["/own", "/all"]);
});

test("a stand-in keeps a hook's sleep and refuses other commands", async () => {
  assert.deepEqual(simpleCommands(["sh", "-c", "nginx -s quit; sleep 5"]), [
    ["nginx", "-s", "quit"],
    ["sleep", "5"],
  ]);
  const clock = settlingClock();
  const run = standInExec(clock);
  let ended = false;
  const slept = run(["/bin/sh", "-c", "sleep 5 && sleep 1m"], 100_000).then((result) => {
    ended = true;
    return result;
  });
  await clock.advance(64_999);
  assert.equal(ended, false);
  await clock.advance(1);
  assert.equal((await slept).exitCode, 0);
  assert.equal((await run(["nginx", "-s", "quit"], 1000)).exitCode, 127);
});

test("no byte of a log is lost, however it comes in chunks", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (chunks) => {
      let rest = "";
      let text = "";
      for (const chunk of chunks) {
        const { records, partial } = splitLines(rest + chunk, false);
        rest = partial;
        for (const { tag, line } of records) text += tag === "F" ? `${line}\n` : line;
      }
      for (const { tag, line } of splitLines(rest, true).records) text += tag === "F" ? `${line}\n` : line;
      assert.equal(text, chunks.join(""));
    }),
  );
});
