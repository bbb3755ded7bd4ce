import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { createClient, httpTransport, readKubeconfig, type KubeClient } from "@seaworthy/client";

/** A `seaworthy` command that runs. Disposing it ends it by SIGTERM, if it has not ended. */
export interface RunningCommand extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly stdout: SaidLines;
  readonly stderr: SaidLines;
  /** Ends it, and gives its exit code; null where the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** What a command has said so far, by line. */
export interface SaidLines {
  readonly all: readonly string[];
  /** The first line that matches, as soon as it is there. Rejects with what the command said when it ends before. */
  match(pattern: RegExp): Promise<RegExpExecArray>;
}

/** The words that start this repository's command. */
export const ownCommand: readonly [string, ...string[]] = [
  process.execPath,
  resolve("packages/cli/src/main.mjs"),
];

/** Starts a `seaworthy` command outside a terminal: this repository's own, when no other is given. */
export function startCommand(
  args: readonly string[],
  {
    cwd,
    env,
    command: [file, ...words] = ownCommand,
  }: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly command?: typeof ownCommand;
  } = {},
): RunningCommand {
  const child = spawn(file, [...words, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit").then(([code]) => code as number | null);
  const over = once(child, "close");
  const told: string[] = [];
  const fail = async (): Promise<never> => {
    await over;
    throw new Error(`${args.join(" ")} ended: ${told.join("\n")}`);
  };
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return await exited;
  };
  return {
    child,
    stdout: linesOf(child.stdout, [], fail),
    stderr: linesOf(child.stderr, told, fail),
    end,
    [Symbol.asyncDispose]: async () => void (await end("SIGTERM")),
  };
}

function linesOf(input: Readable, all: string[], fail: () => Promise<never>): SaidLines {
  const lines = createInterface({ input });
  lines.on("line", (line) => all.push(line));
  const find = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = all.map((line) => pattern.exec(line)).find((match) => match !== null);
      if (found !== undefined) return found;
      await once(lines, "line");
    }
  };
  return { all, match: (pattern) => Promise.race([find(pattern), fail()]) };
}

/** The client that a kubeconfig stands for. */
export async function clientOf(kubeconfig: string): Promise<KubeClient> {
  return createClient(httpTransport(await readKubeconfig({ file: kubeconfig })));
}
