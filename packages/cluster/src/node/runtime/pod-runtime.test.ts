import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createNamespaceRuntime } from "./namespace-runtime.ts";
import type { ContainerSpec, PodRuntime, PodSandbox } from "./pod-runtime.ts";
import { createShimRuntime } from "./shim-runtime.ts";

// An ordinary user's PATH on Debian does not name the folder of chroot and ip.
const withoutSbin = (process.env["PATH"] ?? "").split(":").filter((folder) => !folder.endsWith("/sbin"));
process.env["PATH"] = withoutSbin.join(":");

const namespaceProblem = await createNamespaceRuntime().then(
  (runtime) => runtime[Symbol.asyncDispose]().then(() => false as const),
  (error: Error) => error.message,
);
const shimProblem = process.platform === "linux" ? false : "only Linux has all of 127/8";

/** All runtimes must meet the same contract. */
const runtimes = [
  { name: "namespace", create: createNamespaceRuntime, skip: namespaceProblem, first: 10 },
  {
    name: "relay",
    create: () => createNamespaceRuntime({ network: "relay" }),
    skip: namespaceProblem,
    first: 10,
  },
  { name: "shim", create: createShimRuntime, skip: shimProblem, first: 127 },
];

for (const { name, create, skip, first } of runtimes) {
  describe(`the ${name} runtime`, { skip, timeout: 30_000 }, () => {
    let runtime: PodRuntime;
    let folder: string;
    let count = 1;
    before(async () => {
      runtime = await create();
      folder = await mkdtemp(join(tmpdir(), "seaworthy-runtime-"));
    });
    after(async () => {
      await runtime[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    });

    const sandbox = () => {
      count += 1;
      const pod = { namespace: "default", name: `pod-${count}`, uid: `${count}`, hostname: `pod-${count}` };
      return runtime.createSandbox({ ...pod, ip: `${first}.244.8.${count}`, reachable: [] });
    };
    const spec = (argv: readonly string[], more: Partial<ContainerSpec> = {}): ContainerSpec => ({
      name: "app",
      argv,
      env: { PATH: process.env["PATH"] ?? "" },
      workingDir: "/",
      mounts: [],
      logFile: join(folder, `${count}-${argv.length}.log`),
      ...more,
    });
    const node = (program: string, more: Partial<ContainerSpec> = {}) =>
      spec([process.execPath, "-e", program], more);

    test("lets two pods listen on the same port, and refuses when the process is gone", async () => {
      await using one = await sandbox();
      await using two = await sandbox();
      const program = (text: string) =>
        `require("net").createServer((socket) => socket.end("${text}")).listen(8080, "0.0.0.0")`;
      const first = await one.start(node(program("one")));
      await two.start(node(program("two")));
      assert.equal(await readAll(await dialUntilUp(one, 8080)), "one");
      assert.equal(await readAll(await dialUntilUp(two, 8080)), "two");
      first.signal("SIGKILL");
      assert.deepEqual(await first.exited, { exitCode: 137, signal: "SIGKILL" });
      await assert.rejects(one.dial(8080, 1000), { code: "ECONNREFUSED" });
    });

    test("gives an app what PID 1 gets: no SIGTERM without a handler", async () => {
      await using pod = await sandbox();
      const listen = `require("net").createServer().listen(8080)`;
      const deaf = await pod.start(node(listen));
      (await dialUntilUp(pod, 8080)).destroy();
      deaf.signal("SIGTERM");
      // A handled signal comes after it, so that SIGTERM has had its chance.
      assert.equal((await pod.exec(deaf, node(listen), ["true"], 5000)).exitCode, 0);
      (await pod.dial(8080, 1000)).destroy();
      deaf.signal("SIGKILL");
      assert.equal((await deaf.exited).exitCode, 137);

      const listening = await pod.start(node(`process.on("SIGTERM", () => process.exit(5)); ${listen}`));
      (await dialUntilUp(pod, 8080)).destroy();
      listening.signal("SIGTERM");
      assert.equal((await listening.exited).exitCode, 5);
    });

    test("does not forward SIGTERM through a shell, as in a container", async () => {
      await using pod = await sandbox();
      const container = await pod.start(
        spec(["sh", "-c", `${process.execPath} -e 'require("net").createServer().listen(8080)'; true`]),
      );
      (await dialUntilUp(pod, 8080)).destroy();
      container.signal("SIGTERM");
      assert.equal((await pod.exec(container, spec(["sh"]), ["true"], 5000)).exitCode, 0);
      (await pod.dial(8080, 1000)).destroy();
      container.signal("SIGKILL");
      await container.exited;
      await assert.rejects(pod.dial(8080, 1000), { code: "ECONNREFUSED" });
    });

    test("resets the connections of a killed app", async () => {
      await using pod = await sandbox();
      const container = await pod.start(
        node(`require("net").createServer((socket) => socket.on("data", () => {}).write("hi")).listen(8080)`),
      );
      const socket = await dialUntilUp(pod, 8080);
      await once(socket.resume(), "data");
      const ended = Promise.race([once(socket, "end"), once(socket, "error")]);
      container.signal("SIGKILL");
      await ended;
      socket.destroy();
    });

    test("shows mounts at their paths, and leaves none on the machine", async () => {
      await using pod = await sandbox();
      await writeFile(join(folder, "key"), "value");
      // On most machines /var/run is a link to /run.
      const paths = [
        "/etc/seaworthy-test/deep",
        "/seaworthy-test",
        "/var/run/seaworthy-test",
        join(folder, "mounted"),
      ];
      const mounts = paths.map((mountPath) => ({ hostPath: folder, mountPath, readOnly: false }));
      const program = `for (const path of ${JSON.stringify(paths)}) console.log(require("fs").readFileSync(path + "/key", "utf8"))`;
      const started = node(program, { mounts, logFile: join(folder, "mounts.log") });
      assert.equal((await (await pod.start(started)).exited).exitCode, 0);
      const log = await readFile(started.logFile, "utf8");
      assert.match(log, /^(\S+Z stdout F value\n){4}$/);
      for (const path of paths) assert.equal(existsSync(path), false);
    });

    test("a file in /dev is the container's own, and devices beside it work", async () => {
      const file = join(folder, "termination-log");
      await writeFile(file, "");
      await using pod = await sandbox();
      const program = `const fs = require("node:fs");
        fs.writeFileSync("/dev/null", "gone");
        fs.readSync(fs.openSync("/dev/urandom"), Buffer.alloc(1));
        fs.writeFileSync("/dev/termination-log", 
          [fs.existsSync("/dev/pts/ptmx"), fs.existsSync("/dev/fd/0"), fs.statSync("/dev/null").isCharacterDevice()].join(" "));`;
      const mounts = [{ hostPath: file, mountPath: "/dev/termination-log", readOnly: false }];
      const container = await pod.start(node(program, { mounts }));
      assert.equal((await container.exited).exitCode, 0);
      assert.equal(await readFile(file, "utf8"), "true true true");
      assert.ok(!existsSync("/dev/termination-log"));
    });

    test("keeps the last output, long lines and the exit code", async () => {
      await using pod = await sandbox();
      const started = spec([
        "sh",
        "-c",
        "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done; printf 'no newline' >/dev/stderr; exit 9",
      ]);
      assert.equal((await (await pod.start(started)).exited).exitCode, 9);
      const log = await readFile(started.logFile, "utf8");
      assert.match(log, /stdout F line 0\n/);
      assert.match(log, /stdout F line 2999\n/);
      assert.match(log, /stderr P no newline\n/);
    });

    test("says which command is missing", async () => {
      await using pod = await sandbox();
      await assert.rejects(pod.start(spec(["no-such-command"])), {
        code: "SW2002",
        message: /no-such-command/,
      });
    });

    test("says of each which command is missing, when many end at once and the process is busy", async () => {
      await using pod = await sandbox();
      const starts = Array.from({ length: 30 }, () => pod.start(spec(["no-such-command"])));
      let waiting = true;
      const ended = Promise.allSettled(starts).finally(() => (waiting = false));
      // A busy event loop learns of an exit and of the words before it in one turn, in either order.
      while (waiting) {
        block(20);
        await nextTurn();
      }
      const reasons = (await ended).map((start) =>
        start.status === "rejected" ? start.reason.code : "started",
      );
      assert.deepEqual(new Set(reasons), new Set(["SW2002"]));
    });

    test("cuts an exec at its timeout", async () => {
      await using pod = await sandbox();
      const started = node(`setInterval(() => {}, 1e9)`);
      const container = await pod.start(started);
      assert.equal((await pod.exec(container, started, ["sleep", "60"], 100)).timedOut, true);
      const result = await pod.exec(container, started, ["sh", "-c", "echo out; echo err >&2; exit 4"], 5000);
      assert.deepEqual(result, { exitCode: 4, output: "out\nerr\n", timedOut: false });
    });

    test("leaves no process when the cluster is killed", async (context) => {
      const marker = `marker-${name}-${process.pid}`;
      const script = fileURLToPath(new URL("../testing/orphan-check.ts", import.meta.url));
      const cluster = spawn(process.execPath, [script, name, marker], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      // Also when an expectation fails: what is left running would keep this process alive.
      context.after(() => cluster.kill("SIGKILL"));
      const [line] = (await once(cluster.stdout, "data")) as [Buffer];
      await rm(line.toString().trim(), { recursive: true, force: true });
      // Two apps and a child of each. While a process takes its program, it has no command line.
      const startedBy = performance.now() + 10_000;
      let processes = await processesWith(marker);
      while (processes.length < 4 && performance.now() < startedBy) processes = await processesWith(marker);
      assert.ok(processes.length >= 4, `only ${processes.length} processes`);
      cluster.kill("SIGKILL");
      await once(cluster, "exit");
      const deadlineMs = performance.now() + 2000;
      let left = await processesWith(marker);
      while (left.length > 0 && performance.now() < deadlineMs) left = await processesWith(marker);
      assert.deepEqual(left, []);
    });
  });
}

async function dialUntilUp(sandbox: PodSandbox, port: number): Promise<Socket> {
  const deadlineMs = performance.now() + 10_000;
  for (;;) {
    try {
      return await sandbox.dial(port, 1000);
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
    }
  }
}

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

async function readAll(socket: Socket): Promise<string> {
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  return text;
}

/** Processes (of any kind) that have the marker as an argument; the one that started them is not among them. */
async function processesWith(marker: string): Promise<string[]> {
  const ids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return lines.filter((line) => line.split("\0").includes(marker) && !line.includes("orphan-check"));
}
