import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { systemClock } from "../../clock.ts";
import { fakeClock } from "../../testing/fake-clock.ts";
import { readUsage } from "../runtime/read-usage.ts";
import { containerLimits } from "./container-limits.ts";
import { createLimits } from "./create-limits.ts";
import { findCgroups, type CgroupParents } from "./find-cgroups.ts";
import { pauseMs, watchMemory } from "./watch-memory.ts";

const skip = process.platform === "linux" ? false : "memory is known on Linux only";
const cgroups = findCgroups();
const grow = `const held = []; setInterval(() => held.push(Buffer.alloc(8 << 20, 1)), 20)`;
const memoryBytes = 160 << 20;

/** Runs a program of Node's under limits, from before its first line on, to its end. */
async function run(
  program: string,
  limits: { memoryBytes?: number; cpuMillis?: number },
  parents: CgroupParents,
) {
  const notices: string[] = [];
  const made = createLimits({ clock: systemClock, onNotice: (text) => notices.push(text), cgroups: parents });
  const confinement = made.confine(limits);
  const child = spawn("sh", ["-c", `read go; exec "$@"`, "sh", process.execPath, "-e", program], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const pid = child.pid!;
  const output = child.stdout.toArray();
  confinement?.enter(pid);
  confinement?.watch({ usedBytes: () => readUsage(pid)?.memoryBytes, kill: () => child.kill("SIGKILL") });
  child.stdin.end("go\n");
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  return { code, signal, wasKilled: confinement?.end(), output: (await output).join(""), notices };
}

for (const [name, parents, problem] of [
  ["by the kernel", cgroups, cgroups.memory === undefined ? "this user may not make control groups" : skip],
  ["by watching", {}, skip],
] as const) {
  test(`a program that uses up its memory is killed ${name}`, { skip: problem }, async () => {
    const { signal, wasKilled } = await run(grow, { memoryBytes }, parents);
    assert.deepEqual({ signal, wasKilled }, { signal: "SIGKILL", wasKilled: true });
  });

  test(
    `a program that reads large files is not killed ${name}: their pages can be given back`,
    { skip: problem },
    async () => {
      const read = `const { openSync, readSync } = require("fs"); const file = openSync(process.execPath); const buffer = Buffer.alloc(1 << 20); while (readSync(file, buffer) > 0);`;
      const { code, wasKilled } = await run(
        `for (let n = 0; n < 4; n += 1) { ${read} }`,
        { memoryBytes },
        parents,
      );
      assert.deepEqual({ code, wasKilled }, { code: 0, wasKilled: false });
    },
  );
}

test(
  "the kernel gives a program no more CPU time than its limit",
  { skip: cgroups.cpu === undefined ? "this user may not make control groups" : skip },
  async () => {
    const spin = `const until = Date.now() + 1000; while (Date.now() < until); console.log(Math.round(process.cpuUsage().user / 1000))`;
    const { output } = await run(spin, { cpuMillis: 200 }, cgroups);
    assert.ok(Number(output) < 500, `${output} ms of CPU time in 1000 ms with a limit of 200`);
  },
);

test("without control groups, a notice says once that CPU time is not limited", () => {
  const notices: string[] = [];
  const limits = createLimits({ clock: systemClock, onNotice: (text) => notices.push(text), cgroups: {} });
  assert.equal(limits.confine({ cpuMillis: 100 }), undefined);
  assert.equal(limits.confine({}), undefined);
  assert.notEqual(limits.confine({ cpuMillis: 100, memoryBytes }), undefined);
  assert.equal(notices.length, 1);
});

test("looks come closer together as the limit comes nearer", () => {
  assert.deepEqual([0, 0.5, 0.7, 0.9, 1].map(pauseMs), [1000, 1000, 550, 100, 100]);
});

test("what has more than its limit is told of once", () => {
  const clock = fakeClock();
  let used = 10;
  let exceeded = 0;
  watchMemory({ clock, limitBytes: 100, usedBytes: () => used, onExceeded: () => (exceeded += 1) });
  clock.advance(5000);
  assert.equal(exceeded, 0);
  used = 101;
  clock.advance(5000);
  assert.equal(exceeded, 1);
});

test("limits are read from quantities of every form", () => {
  const of = (limits: Record<string, string>) => containerLimits({ resources: { limits } });
  assert.deepEqual(of({ memory: "128Mi", cpu: "0.1" }), { memoryBytes: 128 << 20, cpuMillis: 100 });
  assert.deepEqual(of({ cpu: "100u" }), { cpuMillis: 1 });
  assert.deepEqual(containerLimits({}), {});
});
