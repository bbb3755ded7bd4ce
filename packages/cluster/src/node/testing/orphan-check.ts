// A cluster's stand-in for the test of runtimes: starts two pods, says so, and waits to be killed.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { detectRuntime } from "../runtime/detect-runtime.ts";

const runtime = await detectRuntime(process.argv[2]);
const marker = process.argv[3]!;
const first = runtime.name === "namespace" ? 10 : 127;
const folder = mkdtempSync(join(tmpdir(), "seaworthy-orphans-"));
const nobody = {
  user: { uid: 65_534, gid: 65_534, groups: [] },
  capabilities: [],
  noNewPrivileges: true,
  readsAllFiles: true,
};
for (const n of [2, 3]) {
  const pod = {
    namespace: "default",
    name: `pod-${n}`,
    uid: `${n}`,
    ip: `${first}.244.9.${n}`,
    hostname: `pod-${n}`,
    reachable: [],
  };
  const sandbox = await runtime.createSandbox(pod);
  // A child of the app as well: it must not outlive the cluster either.
  const app = `require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1e9)", "${marker}"]); setInterval(() => {}, 1e9)`;
  const env = { PATH: process.env["PATH"] ?? "" };
  const argv = [process.execPath, "-e", app, marker];
  await sandbox.start({
    name: "app",
    argv,
    env,
    workingDir: "/",
    mounts: [],
    // Only one of them, for the kernel handles the death of a parent otherwise where the user has changed.
    ...(n === 3 && runtime.holds === "users" ? { privileges: nobody } : {}),
    logFile: join(folder, `${n}.log`),
  });
}
process.stdout.write(`${folder}\n`);
setInterval(() => {}, 1e9);
