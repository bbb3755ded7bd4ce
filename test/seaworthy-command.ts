import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { KubeClient } from "@seaworthy/client";
import { clientOf, ownCommand, startCommand } from "./start-command.ts";

/** What a finished command gave. */
export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and how a command runs. */
export interface CommandSetting {
  /** The current folder; a fresh one, removed afterwards, when absent. */
  readonly cwd?: string;
  /** Over the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
  /** A command that takes longer is killed, and its exit code is null. */
  readonly timeoutMs?: number;
  /** The words that start it; this repository's own command when absent. */
  readonly command?: typeof ownCommand;
}

/** Runs the `seaworthy` command outside a terminal and waits for its end. */
export async function seaworthy(args: readonly string[], setting: CommandSetting = {}): Promise<Finished> {
  if (setting.cwd !== undefined) return await run(args, { ...setting, cwd: setting.cwd });
  const cwd = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  try {
    return await run(args, { ...setting, cwd });
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

async function run(
  args: readonly string[],
  { cwd, env, timeoutMs, command: [file, ...words] = ownCommand }: CommandSetting & { readonly cwd: string },
): Promise<Finished> {
  const child = spawn(file, [...words, ...args], {
    cwd,
    env: { ...process.env, CI: "1", NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
  });
  const closed = new Promise<number | null>((settle) => child.once("close", settle));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { exitCode, stdout, stderr };
}

/** A `seaworthy cluster` that runs. Disposing it ends it, if it has not been killed. */
export interface RunningCluster extends AsyncDisposable {
  readonly child: ChildProcess;
  /** The administrator's client, and the file that it was made of. */
  readonly client: KubeClient;
  readonly kubeconfig: string;
  readonly apiUrl: string;
  readonly ingressUrl: string;
  readonly ingressTlsUrl: string;
  /** What it has said so far. */
  stderr(): string;
}

/** Starts `seaworthy cluster` with further arguments, and waits until it says where it is. Rejects with what it says when it ends. */
export async function startClusterCommand(
  args: readonly string[],
  env: CommandSetting["env"] = {},
): Promise<RunningCluster> {
  const command = startCommand(["cluster", ...args, "--output", "json"], { env });
  const { input } = await command.stdout.match(/./);
  const told = JSON.parse(input) as Pick<
    RunningCluster,
    "kubeconfig" | "apiUrl" | "ingressUrl" | "ingressTlsUrl"
  >;
  return {
    ...told,
    child: command.child,
    client: await clientOf(told.kubeconfig),
    stderr: () => command.stderr.all.join("\n"),
    [Symbol.asyncDispose]: () => command[Symbol.asyncDispose](),
  };
}
