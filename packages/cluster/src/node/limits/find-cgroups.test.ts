import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createCgroup, sweepCgroups } from "./cgroup.ts";
import { findCgroups } from "./find-cgroups.ts";

/** Files that look like the kernel's. */
function machine(files: Readonly<Record<string, string>>): { folder: string; [Symbol.dispose](): void } {
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-cgroups-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text.replaceAll("ROOT", folder));
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

const session = "user.slice/user-1000.slice/user@1000.service";

/** A session of systemd whose terminals may be passed on memory alone. */
const systemd = {
  "proc/mounts": "cgroup2 ROOT/sys cgroup2 rw,nosuid 0 0\n",
  "proc/cgroup": `0::/${session}/app.slice/terminal.scope\n`,
  [`sys/${session}/cgroup.procs`]: "",
  [`sys/${session}/app.slice/cgroup.subtree_control`]: "memory pids\n",
  [`sys/${session}/app.slice/cgroup.procs`]: "",
  [`sys/${session}/app.slice/terminal.scope/cgroup.subtree_control`]: "",
  [`sys/${session}/app.slice/terminal.scope/cgroup.procs`]: "",
};

test("in version 2, groups are made in the nearest one above that passes both controllers on", () => {
  using it = machine({ ...systemd, [`sys/${session}/cgroup.subtree_control`]: "cpu memory pids\n" });
  const parent = { version: 2, folder: join(it.folder, "sys", session), mount: join(it.folder, "sys") };
  assert.deepEqual(findCgroups(join(it.folder, "proc")), { memory: parent, cpu: parent });
});

test("in version 2, memory is limited where CPU time cannot be", () => {
  using it = machine(systemd);
  const folder = join(it.folder, "sys", session, "app.slice");
  assert.deepEqual(findCgroups(join(it.folder, "proc")), {
    memory: { version: 2, folder, mount: join(it.folder, "sys") },
  });
});

test("in version 1, groups are made in the own one, or at the top where that is not seen", () => {
  using it = machine({
    "proc/mounts":
      "cgroup ROOT/memory cgroup rw,memory 0 0\ncgroup ROOT/cpu cgroup rw,cpu,cpuacct 0 0\ncgroup2 ROOT/unified cgroup2 rw 0 0\n",
    "proc/cgroup": "4:memory:/app\n2:cpu,cpuacct:/elsewhere\n0::/\n",
    "memory/app/cgroup.procs": "",
    "memory/cgroup.procs": "",
    "cpu/cgroup.procs": "",
  });
  assert.deepEqual(findCgroups(join(it.folder, "proc")), {
    memory: { version: 1, folder: join(it.folder, "memory/app"), mount: join(it.folder, "memory") },
    cpu: { version: 1, folder: join(it.folder, "cpu"), mount: join(it.folder, "cpu") },
    unseen: join(it.folder, "unified"),
  });
});

test("where nothing is passed on, or there are no such files, no groups can be made", () => {
  using it = machine({
    "proc/mounts": "cgroup2 ROOT/sys cgroup2 rw 0 0\n",
    "proc/cgroup": "0::/\n",
    "sys/cgroup.subtree_control": "memory\n",
    "sys/cgroup.procs": "",
  });
  assert.deepEqual(findCgroups(join(it.folder, "proc")), {});
  assert.deepEqual(findCgroups(join(it.folder, "none")), {});
});

test("a group of version 2 is written its limits, and one that is left behind is swept", () => {
  using it = machine({ "top/cgroup.procs": "", "top/cgroup.subtree_control": "cpu io memory\n" });
  const folder = join(it.folder, "top");
  const parent = { version: 2, folder, mount: it.folder } as const;
  const parents = { memory: parent, cpu: parent };
  const cgroup = createCgroup(
    parents,
    { memoryBytes: 1 << 20, cpuMillis: 250, cpuRequestMillis: 100 },
    3,
    77,
  );
  const group = join(folder, "seaworthy-77-3");
  // As the kernel makes it.
  writeFileSync(join(group, "container/cgroup.procs"), "");
  cgroup.enter(5);
  const read = (name: string) => readFileSync(join(group, name), "utf8");
  assert.equal(read("cgroup.subtree_control"), "+memory +cpu");
  assert.equal(read("cpu.weight"), "33");
  const files = [
    "memory.max",
    "memory.swap.max",
    "memory.oom.group",
    "cpu.max",
    "cpu.weight",
    "cgroup.procs",
  ];
  assert.deepEqual(
    files.map((name) => read(`container/${name}`)),
    ["1048576", "0", "1", "25000 100000", "17", "5"],
  );
  assert.deepEqual(cgroup.view, {
    entrances: [join(group, "container/cgroup.procs")],
    mounts: [{ hostPath: join(group, "container"), mountPath: it.folder, readOnly: true }],
    unseen: undefined,
  });
  cgroup.hold({});
  assert.deepEqual(
    files.map((name) => read(`container/${name}`)),
    ["max", "0", "1", "max 100000", "1", "5"],
  );
  assert.equal(cgroup.oomKills(), 0);
  writeFileSync(join(group, "container/memory.events"), "oom 3\noom_kill 2\noom_group_kill 1\n");
  assert.equal(cgroup.oomKills(), 2);
  mkdirSync(join(folder, "seaworthy-78-1"));
  mkdirSync(join(folder, "seaworthy-79-1/container"), { recursive: true });
  sweepCgroups(parents, (pid) => pid === 78);
  mkdirSync(join(folder, "seaworthy-79-1"));
  assert.throws(() => mkdirSync(join(folder, "seaworthy-78-1")), { code: "EEXIST" });
});
