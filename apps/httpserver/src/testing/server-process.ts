import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A line of the server's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** The real server in a process of its own. Its disposal kills it. */
export interface ServerProcess extends AsyncDisposable {
  /** Those of PORT, H2C_PORT and HTTPS_PORT, as far as they are set. */
  readonly ports: readonly number[];
  /** The origin of its HTTP/1.1 port. */
  readonly origin: string;
  readonly exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
  /** What has been logged so far. */
  readonly lines: readonly LogLine[];
  /** Waits for a line, which may be there already. Fails when the log ends without it. */
  logged(wanted: (line: LogLine) => boolean): Promise<LogLine>;
  /** What was written to stderr so far. */
  stderr(): string;
}

/** No test takes so long. A test that waits for a line that never comes then fails because the log has ended. */
const longestLifeMs = 60_000;
const main = fileURLToPath(new URL("../main.mjs", import.meta.url));
const baseEnv = { PATH: process.env["PATH"], PORT: "0", DRAIN_MS: "0", QUIET_MS: "0" };

/** Starts the server on free ports of every address, and waits until it is ready. */
export async function startServerProcess(
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...baseEnv, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: longestLifeMs,
    killSignal: "SIGKILL",
  });
  const exited = once(child, "close").then(([code]) => code as number | null);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const lines: LogLine[] = [];
  let changed = Promise.withResolvers<boolean>();
  const tell = (isOpen: boolean): void => {
    changed.resolve(isOpen);
    changed = Promise.withResolvers<boolean>();
  };
  createInterface({ input: child.stdout }).on("line", (text) => {
    lines.push(JSON.parse(text) as LogLine);
    tell(true);
  });
  let isOver = false;
  void exited.then(() => {
    isOver = true;
    tell(false);
  });

  async function logged(wanted: (line: LogLine) => boolean): Promise<LogLine> {
    for (let isOpen = true; isOpen; isOpen = !isOver && (await changed.promise)) {
      const found = lines.find(wanted);
      if (found !== undefined) return found;
    }
    return assert.fail(`the log ended: ${JSON.stringify(lines)}\n${stderr}`);
  }

  const { ports } = (await logged(({ msg }) => msg === "ready")) as { ports?: readonly number[] };
  assert.ok(ports !== undefined);
  return {
    ports,
    origin: `http://127.0.0.1:${ports[0]}`,
    exited,
    kill: (signal) => void child.kill(signal),
    lines,
    logged,
    stderr: () => stderr,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** Runs the server where it is to end by itself, as with a flag that it does not know. */
export function runServerProcess(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const options = { env: { ...baseEnv, ...env }, encoding: "utf8", timeout: longestLifeMs } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], options);
  return { status, stdout, stderr };
}
