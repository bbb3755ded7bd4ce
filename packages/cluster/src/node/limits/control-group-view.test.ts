import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { systemClock } from "../../clock.ts";
import { detectRuntime } from "../runtime/detect-runtime.ts";
import { createLimits } from "./create-limits.ts";

/** What a program finds where runtimes of all languages look for their limits, in either version. */
const look = `
const { readFileSync, writeFileSync } = require("fs");
const read = (...paths) => { for (const path of paths) try { return readFileSync(path, "utf8").trim(); } catch {} };
const top = "/sys/fs/cgroup";
let written = true;
for (const path of [top + "/memory.max", top + "/memory/memory.limit_in_bytes"])
  try { writeFileSync(path, "1073741824"); } catch (error) { if (error.code !== "ENOENT") written = error.code; }
console.log(JSON.stringify({
  memory: process.constrainedMemory(),
  quota: read(top + "/cpu.max", top + "/cpu/cpu.cfs_quota_us").split(" ")[0],
  processes: read(top + "/cgroup.procs", top + "/memory/cgroup.procs").split("\\n").length,
  group: read("/proc/self/cgroup").split("\\n").find((line) => /^0::|memory/.test(line)).split(":")[2],
  written,
}));`;

const limits = createLimits({ clock: systemClock, onNotice: () => {} });

test(
  "a container joins its control groups by itself and sees them, and so does a command in it",
  { skip: limits.holdsCpu ? false : "this user may not make control groups" },
  async (t) => {
    await using runtime = await detectRuntime();
    if (runtime.name !== "namespace") return t.skip("this kernel does not allow namespaces");
    const folder = mkdtempSync(join(tmpdir(), "seaworthy-groups-"));
    const logFile = join(folder, "log");
    const confinement = limits.confine({ memoryBytes: 256 << 20, cpuMillis: 1500 });
    assert.ok(confinement !== undefined);
    try {
      const place = { ip: "10.244.7.2", hostname: "sees", reachable: [] };
      await using pod = await runtime.createSandbox({
        namespace: "default",
        name: "sees",
        uid: "1",
        ...place,
      });
      const argv = [process.execPath, "-e", `${look} console.log(); setInterval(() => {}, 1e9)`];
      const env = { PATH: process.env["PATH"] ?? "" };
      const own = {
        name: "app",
        argv,
        env,
        workingDir: "/",
        mounts: [],
        logFile,
        controlGroups: confinement.view,
      };
      const container = await pod.start(own);
      const said = await new Promise<string>((resolve) =>
        container.streams.stdout.once("data", (data) => resolve(String(data))),
      );
      const seen = { memory: 256 << 20, quota: "150000", processes: 1, group: "/", written: "EROFS" };
      assert.deepEqual(JSON.parse(said), seen);
      const { output } = await pod.exec(container, own, [process.execPath, "-e", look], 10_000);
      assert.deepEqual(JSON.parse(output), { ...seen, processes: 2 });
      container.signal("SIGKILL");
      await container.exited;
      assert.match(readFileSync(logFile, "utf8"), /"group":"\/"/);
    } finally {
      confinement.end();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
