import { spawn } from "node:child_process";
import { killGroup } from "./namespace-container.ts";

/** What came of a command: its exit code, and stdout and stderr together. */
export interface BoundedResult {
  readonly exitCode: number;
  readonly output: string;
  readonly timedOut: boolean;
}

/** The kubelet keeps this much of a probe's output. */
const maxOutput = 10 * 1024;

/** Runs a command in a process group of its own, and kills the group at `timeoutMs`. Never rejects. */
export function runBounded(
  argv: readonly [string, ...string[]],
  options: {
    readonly env: Readonly<Record<string, string>>;
    readonly cwd: string;
    readonly timeoutMs: number;
  },
): Promise<BoundedResult> {
  return new Promise((resolve) => {
    const child = spawn(argv[0], argv.slice(1), {
      cwd: options.cwd,
      env: { ...options.env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let timedOut = false;
    const take = (chunk: Buffer) => {
      if (output.length < maxOutput) output += chunk.toString();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child);
    }, options.timeoutMs);
    const end = (exitCode: number) => {
      clearTimeout(timer);
      // What the command left running in the background must not hold the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ exitCode, output: output.slice(0, maxOutput), timedOut });
    };
    child.once("error", (error) => {
      output += error.message;
      end(127);
    });
    child.once("close", (code) => end(code ?? 137));
    child.once("exit", (code) => setTimeout(() => end(code ?? 137), 200).unref());
  });
}
