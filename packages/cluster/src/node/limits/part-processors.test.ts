import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import { findProgram } from "../runtime/find-program.ts";
import { toolPath } from "../runtime/tool-path.ts";
import { partProcessors } from "./part-processors.ts";

function machine(allowed: string) {
  const moves: [pid: number, processors: readonly number[]][] = [];
  const parted = partProcessors({
    allowed: () => allowed,
    move: (pid, processors) => void moves.push([pid, processors]),
  });
  return { parted, moves };
}

test("half is the cluster's, three at most, and all are its own again at the end", () => {
  const small = machine("0-1");
  small.parted!.place(7);
  small.parted![Symbol.dispose]();
  assert.deepEqual(small.moves, [
    [process.pid, [0]],
    [7, [1]],
    [process.pid, [0, 1]],
  ]);
  const large = machine("2-5,8,10-12");
  assert.equal(large.parted!.ofPods, 5);
  assert.deepEqual(large.moves, [[process.pid, [2, 3, 4]]]);
});

test("a single processor is not parted, and neither is a machine without the tool", () => {
  const single = machine("3");
  assert.equal(single.parted, undefined);
  assert.deepEqual(single.moves, []);
  const move = () => {
    throw new Error("spawnSync taskset ENOENT");
  };
  assert.equal(partProcessors({ allowed: () => "0-7", move }), undefined);
});

test("a pod whose process has ended is left alone", () => {
  const moved: number[] = [];
  const move = (pid: number) => {
    if (moved.push(pid) === 2) throw new Error("No such process");
  };
  partProcessors({ allowed: () => "0-7", move })!.place(7);
  assert.deepEqual(moved, [process.pid, 7]);
});

const hasTool =
  process.platform === "linux" &&
  availableParallelism() > 1 &&
  findProgram("taskset", toolPath(), "/").length > 0;

test(
  "real processes: this one and a child have different processors",
  { skip: hasTool ? false : "no taskset" },
  async () => {
    const before = allowedOf(process.pid);
    const parted = partProcessors()!;
    try {
      const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6); console.log('up')"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child.stdout, "data");
      assert.equal(allowedOf(child.pid!), allowedOf(process.pid));
      parted.place(child.pid!);
      assert.notEqual(allowedOf(child.pid!), allowedOf(process.pid));
      child.kill("SIGKILL");
    } finally {
      parted[Symbol.dispose]();
    }
    assert.equal(allowedOf(process.pid), before);
  },
);

function allowedOf(pid: number): string {
  return /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]!;
}
