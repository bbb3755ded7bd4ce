import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** What a finished command gave. */
export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the `seaworthy` command in a fresh folder outside a terminal and waits for its end. */
export async function seaworthy(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const cwd = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  try {
    return await finished(startSeaworthy(args, cwd, env));
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** Starts the command without waiting for its end. */
export function startSeaworthy(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawn(process.execPath, [resolve("packages/cli/src/main.ts"), ...args], {
    cwd,
    env: { ...process.env, CI: "1", NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function finished(child: ChildProcess): Promise<Finished> {
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((settle) => child.once("close", settle)),
  ]);
  return { exitCode, stdout, stderr };
}

async function text(stream: NodeJS.ReadableStream | null): Promise<string> {
  let all = "";
  if (stream === null) return all;
  stream.setEncoding("utf8");
  for await (const chunk of stream) all += String(chunk);
  return all;
}
