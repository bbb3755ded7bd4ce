import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A line of the server's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** The real server in a process of its own. Its disposal kills it. */
export interface FuzzedServer extends AsyncDisposable {
  /** HTTP/1.1, and h2c if H2C_PORT was given. */
  readonly ports: readonly number[];
  /** The lines that were to be kept. A hundred thousand others would fill the memory. */
  readonly lines: readonly LogLine[];
  /** The memory that it has now. It also answers as usual, then. */
  residentBytes(): Promise<number>;
  /** Ends it by SIGTERM, and fails when it does not end well. */
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL("../../apps/httpserver/src/main.ts", import.meta.url));

/** Starts the server on free ports and waits until it is ready. `keeps` tells which lines of its log to keep. */
export async function startServer(
  env: Readonly<Record<string, string>>,
  keeps: (line: LogLine) => boolean = () => false,
): Promise<FuzzedServer> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main], {
    env: { PATH: process.env["PATH"], PORT: "0", DRAIN_MS: "0", QUIET_MS: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "close").then(([code]) => code as number | null);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ready = Promise.withResolvers<readonly number[]>();
  const lines: LogLine[] = [];
  let hasStopped = false;
  createInterface({ input: child.stdout }).on("line", (text) => {
    const line = JSON.parse(text) as LogLine;
    if (line["msg"] === "ready") ready.resolve(line["ports"] as readonly number[]);
    if (line["msg"] === "stopped") hasStopped = true;
    if (keeps(line)) lines.push(line);
  });
  void exited.then((code) => ready.reject(new Error(`exit ${code}: ${stderr}`)));
  const ports = await ready.promise;

  return {
    ports,
    lines,
    async residentBytes() {
      const response = await fetch(`http://127.0.0.1:${ports[0]}/info`);
      assert.equal(response.status, 200, stderr);
      return ((await response.json()) as { residentBytes: number }).residentBytes;
    },
    async stop() {
      child.kill("SIGTERM");
      assert.deepEqual([await exited, hasStopped, stderr], [0, true, ""]);
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
