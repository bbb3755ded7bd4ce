import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { test } from "node:test";
import { systemClock } from "../../clock.ts";
import { yieldProcessor } from "./yield-processor.ts";

/** A process in a session of its own, as a container's is. */
async function startSession() {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6); console.log('up')"], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return { pid: child.pid!, [Symbol.dispose]: () => void child.kill("SIGKILL") };
}

test("a process yields, and so does its session, where sessions have shares", async () => {
  using session = await startSession();
  const before = getPriority(session.pid);
  const stop = yieldProcessor(session.pid, systemClock);
  stop();
  assert.ok(getPriority(session.pid) > before);
  const file = `/proc/${session.pid}/autogroup`;
  // An ordinary user may have to try again.
  if (existsSync(file) && process.getuid?.() === 0) assert.match(readFileSync(file, "utf8"), /nice 5$/m);
});

test("what the kernel takes too seldom is tried again until it is stopped, and a process that is gone is left alone", async () => {
  const due: (() => void)[] = [];
  let stopped = 0;
  const clock = {
    now: () => 0,
    after(_: number, callback: () => void) {
      due.push(callback);
      return () => void (stopped += 1);
    },
  };
  const refusals = [1, 2, 3];
  const written: number[] = [];
  const write = () => {
    if (refusals.pop() !== undefined) throw Object.assign(new Error("again"), { code: "EAGAIN" });
    written.push(1);
  };
  yieldProcessor(1, clock, write);
  while (due.length > 0) due.shift()!();
  assert.equal(written.length, 1);
  refusals.push(1);
  const stop = yieldProcessor(1, clock, write);
  stop();
  assert.equal(stopped, 1);
  const gone = () => {
    throw Object.assign(new Error("no such process"), { code: "ESRCH" });
  };
  due.length = 0;
  yieldProcessor(1, clock, gone);
  assert.equal(due.length, 0);
});
