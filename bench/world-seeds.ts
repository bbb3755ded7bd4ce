/**
 * Runs the cluster in virtual time with many seeds, once without and once with faults, and says which seeds end elsewhere
 * or tell a watcher something that is not so. The tests run fifty of them.
 *
 * usage: node bench/world-seeds.ts [COUNT [FIRST]]
 */
import { deepEqual } from "node:assert/strict";
import { runWorld } from "../packages/cluster/src/testing/faulty-world.ts";

const count = Number(process.argv[2] ?? 1000);
const first = Number(process.argv[3] ?? 1);
const faults = new Map<string, number>();
const failed: number[] = [];
let writes = 0;
let virtualMs = 0;
const started = performance.now();

for (let seed = first; seed < first + count; seed += 1) {
  try {
    const calm = await runWorld({ seed, faults: false, steps: 12 });
    const faulty = await runWorld({ seed, faults: true, steps: 12 });
    deepEqual(faulty.end, calm.end);
    virtualMs += faulty.durationMs;
    writes += faulty.writes;
    for (const [name, times] of faulty.faults) faults.set(name, (faults.get(name) ?? 0) + times);
  } catch (error) {
    failed.push(seed);
    process.stderr.write(`seed ${seed}: ${String(error)}\n${String((error as Error).cause ?? "")}\n`);
  }
}

const seconds = Math.round((performance.now() - started) / 1000);
const hours = (virtualMs / 3_600_000).toFixed(1);
process.stdout.write(
  `${count} seeds from ${first} in ${seconds} s, ${hours} h of virtual time, ${writes} revisions; failed: ${failed.join(", ") || "none"}\n`,
);
const lines = [...faults].toSorted(([, a], [, b]) => b - a).map(([name, times]) => `${times} × ${name}`);
process.stdout.write(`faults: ${lines.join(", ")}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
