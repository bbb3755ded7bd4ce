import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { systemClock } from "../../clock.ts";
import { createJournalBook, type ContainerJournal } from "./container-journal.ts";
import { endContainer, endOf, lookAt, type RunningContainer } from "./end-container.ts";
import { createGracePeriod } from "./grace-period.ts";
import { createNamespaceRuntime } from "../runtime/namespace-runtime.ts";
import type { PodRuntime } from "../runtime/pod-runtime.ts";
import { createShimRuntime } from "../runtime/shim-runtime.ts";
import { parseStopSignal } from "./stop-signal.ts";

const namespaceProblem = await createNamespaceRuntime().then(
  (runtime) => runtime[Symbol.asyncDispose]().then(() => false as const),
  (error: Error) => error.message,
);

const runtimes = [
  { name: "namespace", create: createNamespaceRuntime, skip: namespaceProblem, first: 10 },
  {
    name: "shim",
    create: createShimRuntime,
    skip: process.platform === "linux" ? false : "looks need Linux",
    first: 127,
  },
];

/** A server that says hello to each connection and keeps it. */
const server = (onTerm: string) =>
  `require("net").createServer((socket) => { socket.on("error", () => {}); socket.write("hello"); }).listen(8080, "0.0.0.0"); ${onTerm}`;
const drain = `process.on("SIGTERM", () => setTimeout(() => process.exit(0), 300));`;
/** Starts a shell around the server, as npm does, and on SIGTERM passes the signal to that shell alone. */
const launcher = (command: string, onTerm: string) =>
  `const child = require("child_process").spawn(${command}, { stdio: "inherit" }); child.on("close", () => setTimeout(() => process.exit(0), 600)); process.on("SIGTERM", () => ${onTerm});`;
const nodeOf = (program: string) => `process.execPath, ["-e", ${JSON.stringify(program)}]`;
const shellOf = (program: string) =>
  `"sh", ["-c", ${JSON.stringify(`"${process.execPath}" -e '${program.replaceAll("'", "")}' ; exit`)}]`;

interface Row {
  readonly name: string;
  readonly argv: readonly string[];
  readonly graceMs: number;
  readonly signal?: string;
  /** Only where the process is PID 1 for the kernel. */
  readonly expect: (journal: ContainerJournal) => unknown;
  readonly wanted: unknown;
}

const rows: readonly Row[] = [
  {
    name: "the server itself gets the signal, serves on and ends",
    argv: [process.execPath, "-e", server(drain)],
    graceMs: 10_000,
    expect: ({ signal, listeners, end, kill, cutOff }) => [
      signal?.receiver?.pid === listeners[0]?.pid,
      listeners[0]?.port,
      signal?.receiver?.handlesSignal,
      end?.by,
      end?.exitCode,
      kill,
      cutOff,
    ],
    wanted: [true, 8080, true, "itself", 0, undefined, undefined],
  },
  {
    name: "a server without a handler is killed with its connections",
    argv: [process.execPath, "-e", server("")],
    graceMs: 100,
    expect: ({ signal, end, kill }) => [
      signal?.receiver?.command.includes("createServer"),
      kill?.open,
      end?.by,
      end?.exitCode,
    ],
    wanted: [true, 1, "kill", 137],
  },
  {
    name: "a launcher whose shell dies leaves the server behind",
    argv: [
      process.execPath,
      "-e",
      launcher(shellOf(server(drain.replaceAll('"', "`"))), `child.kill("SIGTERM")`),
    ],
    graceMs: 10_000,
    expect: ({ signal, listeners, closedAt, cutOff, end }) => [
      signal?.receiver?.pid !== listeners[0]?.pid,
      signal?.receiver?.handlesSignal,
      closedAt,
      cutOff,
      end?.by,
    ],
    wanted: [true, true, undefined, true, "itself"],
  },
  {
    name: "a launcher that passes the signal on",
    argv: [process.execPath, "-e", launcher(nodeOf(server(drain)), `child.kill("SIGTERM")`)],
    graceMs: 10_000,
    expect: ({ signal, listeners, closedAt, cutOff, end }) => [
      signal?.receiver?.pid !== listeners[0]?.pid,
      closedAt !== undefined,
      cutOff,
      end?.by,
    ],
    wanted: [true, true, undefined, "itself"],
  },
  {
    name: "another stop signal",
    argv: [process.execPath, "-e", server(`process.on("SIGQUIT", () => process.exit(4))`)],
    graceMs: 10_000,
    signal: "QUIT",
    expect: ({ signal, end }) => [signal?.name, signal?.receiver?.handlesSignal, end?.exitCode],
    wanted: ["SIGQUIT", true, 4],
  },
];

for (const { name, create, skip, first } of runtimes) {
  describe(`the journal in the ${name} runtime`, { skip, timeout: 30_000, concurrency: true }, () => {
    let runtime: PodRuntime;
    let folder: string;
    before(async () => {
      runtime = await create();
      folder = await mkdtemp(join(tmpdir(), "seaworthy-journal-"));
    });
    after(async () => {
      await runtime[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    });

    for (const [index, row] of rows.entries()) {
      test(row.name, async () => {
        const pod = { namespace: "default", name: `pod-${index}`, uid: `${index}`, hostname: `pod-${index}` };
        await using sandbox = await runtime.createSandbox({
          ...pod,
          ip: `${first}.244.9.${index + 1}`,
          reachable: [],
        });
        const container = { name: "app", image: "app" };
        const process_ = await sandbox.start({
          name: "app",
          argv: row.argv,
          env: { PATH: process.env["PATH"] ?? "" },
          workingDir: "/",
          mounts: [],
          logFile: join(folder, `${index}.log`),
        });
        const journal = createJournalBook().begin({
          namespace: "default",
          pod: pod.name,
          podUid: pod.uid,
          container: "app",
          standIn: false,
          startedAt: Date.now(),
          listeners: [],
        });
        const socket = await dialUntilUp(sandbox);
        socket.on("error", () => {});
        await once(socket, "data");
        const running: RunningContainer = {
          process: process_,
          journal,
          stopSignal: parseStopSignal(row.signal ?? "SIGTERM") ?? "SIGTERM",
          look: undefined,
          killing: false,
        };
        await lookAt(running, sandbox);
        await endContainer(running, createGracePeriod(systemClock, row.graceMs), Promise.resolve(), {
          clock: systemClock,
          container,
          sandbox,
          exec: () => Promise.reject(new Error("no hook")),
          onHookFailure: () => {},
        });
        journal.end = endOf(await process_.exited, journal, Date.now());
        socket.destroy();
        assert.deepEqual(row.expect(journal), row.wanted, JSON.stringify(journal, undefined, 1));
      });
    }
  });
}

async function dialUntilUp(sandbox: {
  dial(port: number, timeoutMs: number): Promise<import("node:net").Socket>;
}) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await sandbox.dial(8080, 1_000);
    } catch (error) {
      if (tries > 400) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
