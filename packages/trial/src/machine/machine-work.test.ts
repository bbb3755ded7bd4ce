import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { readMachineWork } from "./machine-work.ts";

/** A /proc with these processes: pid, parent, ticks of itself, ticks of children that it waited for. */
function procOf(processes: readonly (readonly [number, number, number, number])[], cpu: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), "seaworthy-proc-"));
  writeFileSync(path.join(folder, "stat"), `cpu  ${cpu}\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 1\n`);
  writeFileSync(path.join(folder, "version"), "");
  for (const [pid, parent, own, waited] of processes) {
    mkdirSync(path.join(folder, String(pid)));
    const stat = `${pid} (a) name (of it) S ${parent} 1 1 0 -1 0 0 0 0 0 ${own} 1 ${waited} 2 20 0`;
    writeFileSync(path.join(folder, String(pid), "stat"), stat);
  }
  return folder;
}

test("a trial's own work is that of its process, of its descendants, and of those that it waited for", (context) => {
  const proc = procOf(
    [
      [1, 0, 1_000, 1_000],
      [10, 1, 100, 10],
      [11, 10, 20, 0],
      [12, 11, 3, 0],
      [20, 1, 500, 0],
    ],
    "1000 100 10 5000 50 7777 8888 1 0 0",
  );
  context.after(() => rmSync(proc, { recursive: true }));
  // Each of the three has one tick in the kernel, and two of children's there.
  const ownMs = 10 * (100 + 10 + 20 + 3 + 3 * 3);
  assert.deepEqual(readMachineWork(10, proc), { busyMs: 11_110, idleMs: 50_500, ownMs });
});

test("where there is no /proc it says so", () => {
  assert.throws(() => readMachineWork(1, "/nowhere"), /ENOENT/);
});
