import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { systemClock } from "../../clock.ts";
import { fakeClock } from "../../testing/fake-clock.ts";
import { readUsage } from "../runtime/read-usage.ts";
import { containerLimits } from "./container-limits.ts";
import { createLimits, MemoryInUseError, type Confinement } from "./create-limits.ts";
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
  beforeStart: (confinement: Confinement, pid: number) => void = () => {},
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
  if (confinement !== undefined) beforeStart(confinement, pid);
  child.stdin.end("go\n");
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  return { code, signal, wasKilled: confinement?.end(), output: (await output).join(""), notices };
}

test("containers of two clusters in one process have groups of their own", () => {
  const folder = mkdtempSync(join(tmpdir(), "limits-"));
  try {
    const parent = { version: 1, folder, mount: folder } as const;
    const seen = [1, 2].map(() => {
      const limits = createLimits({ clock: systemClock, onNotice: () => {}, cgroups: { memory: parent } });
      return limits.confine({ memoryBytes })?.view?.entrances;
    });
    assert.notDeepEqual(seen[0], seen[1]);
    assert.equal(readdirSync(folder).length, 2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

for (const [name, parents, problem] of [
  ["by the kernel", cgroups, cgroups.memory === undefined ? "this user may not make control groups" : skip],
  ["by watching", {}, skip],
] as const) {
  test(`a program that uses up its memory is killed ${name}`, { skip: problem }, async () => {
    const { signal, wasKilled } = await run(grow, { memoryBytes }, parents);
    assert.deepEqual({ signal, wasKilled }, { signal: "SIGKILL", wasKilled: true });
  });

  test(
    `a program whose memory limit is lowered is killed at the new one ${name}`,
    { skip: problem },
    async () => {
      const lower = (confinement: Confinement, pid: number) => confinement.resize({ memoryBytes }, [pid]);
      const { signal, wasKilled } = await run(grow, { memoryBytes: 8 * memoryBytes }, parents, lower);
      assert.deepEqual({ signal, wasKilled }, { signal: "SIGKILL", wasKilled: true });
    },
  );

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
  assert.deepEqual(containerLimits({ resources: { requests: { cpu: "0.25" } } }), { cpuRequestMillis: 250 });
  assert.deepEqual(containerLimits({}), {});
});

test("a limit on CPU time is raised, and one is made for a program that had none", () => {
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-test-"));
  try {
    const parent = { folder, version: 2, mount: folder } as const;
    const parents = { cpu: parent, memory: parent };
    const made = createLimits({ clock: systemClock, onNotice: () => {}, cgroups: parents });
    const confinement = made.confine({ cpuMillis: 100 })!;
    const [name = ""] = readdirSync(folder);
    const read = (file: string) => readFileSync(join(folder, name, "container", file), "utf8");
    assert.equal(read("cpu.max"), "10000 100000");
    // As the kernel makes it.
    writeFileSync(join(folder, name, "container", "cgroup.procs"), "");
    confinement.resize({ cpuMillis: 300, memoryBytes: 1 << 20 }, [7, 8]);
    assert.equal(read("cpu.max"), "30000 100000");
    assert.equal(read("memory.max"), String(1 << 20));
    assert.equal(read("cgroup.procs"), "8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a limit below what a program uses is refused, and the old one stays", () => {
  const made = createLimits({ clock: fakeClock(), onNotice: () => {}, cgroups: {} });
  const confinement = made.confine({ memoryBytes: 2000 })!;
  confinement.watch({ usedBytes: () => 1500, kill: () => assert.fail("it stayed below its limit") });
  assert.throws(() => confinement.resize({ memoryBytes: 1000 }, []), MemoryInUseError);
  confinement.resize({ memoryBytes: 1600 }, []);
  assert.equal(confinement.end(), false);
});
