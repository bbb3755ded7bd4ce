import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Container } from "@seaworthy/kube";
import { terminationMessage, terminationMount } from "./termination-message.ts";

const cases: readonly [name: string, policy: string, exitCode: number, wrote: string, message: string][] = [
  ["what the container wrote", "File", 1, "no database", "no database"],
  ["at most the last 4096 bytes", "File", 0, `a${"b".repeat(4096)}`, "b".repeat(4096)],
  ["nothing, though the log has something", "File", 1, "", ""],
  ["the log, where nothing was written", "FallbackToLogsOnError", 1, "", "from the log\n"],
  ["the file before the log", "FallbackToLogsOnError", 1, "no database", "no database"],
  ["no log of a container that succeeded", "FallbackToLogsOnError", 0, "", ""],
];

for (const [name, terminationMessagePolicy, exitCode, wrote, message] of cases) {
  test(`the termination message: ${name}`, async () => {
    await using folder = await logFolder("2026-01-01T00:00:00Z stdout F from the log\n");
    const container = { ...app, terminationMessagePolicy };
    const { terminationLog } = folder;
    const mount = await terminationMount(container, terminationLog);
    assert.deepEqual(mount, { hostPath: terminationLog, mountPath: "/dev/termination-log", readOnly: false });
    await writeFile(terminationLog, wrote);
    assert.equal(await terminationMessage(container, exitCode, folder), message);
  });
}

test("of a long log the last 80 lines are taken, and of those 2048 bytes", async () => {
  const container = { ...app, terminationMessagePolicy: "FallbackToLogsOnError" };
  const lines = (width: number) =>
    Array.from({ length: 100 }, (_, n) => `${n}`.padStart(width, "0")).map((text) => `t stderr F ${text}\n`);
  await using short = await logFolder(lines(4).join(""));
  const message = await terminationMessage(container, 1, short);
  assert.deepEqual([message.slice(0, 5), message.split("\n").length], ["0020\n", 81]);
  await using long = await logFolder(lines(63).join(""));
  assert.equal((await terminationMessage(container, 1, long)).length, 2048);
});

test("a container that names no path gets no file", async () => {
  assert.equal(await terminationMount({ name: "app", image: "app" }, "/none"), undefined);
});

const app = { name: "app", terminationMessagePath: "/dev/termination-log" } as Container;

async function logFolder(log: string) {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-termination-"));
  await mkdir(join(folder, "logs"));
  await writeFile(join(folder, "logs", "0.log"), log);
  return {
    terminationLog: join(folder, "containers", "0"),
    logFile: join(folder, "logs", "0.log"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
