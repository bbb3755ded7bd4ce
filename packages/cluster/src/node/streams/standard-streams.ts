import { closeSync, constants, openSync, writeSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import type { TerminalSize } from "../../remote-process.ts";
import { createPipeStock, makePipes, type OutputPipe } from "./pipe-stock.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** What a process reads and writes, seen from this side. */
export interface StandardStreams {
  /** Absent when it reads nothing. */
  readonly stdin?: Writable;
  readonly stdout: Readable;
  /** Absent when both outputs come as one, as with a terminal. */
  readonly stderr?: Readable;
  /** Present with a terminal: sets the size of its window. */
  resize?(size: TerminalSize): void;
}

/** Standard streams before the process is there. */
export interface OpenStreams extends StandardStreams {
  /** The process's own ends, for `spawn`'s `stdio`. */
  readonly far: readonly ["ignore" | number, number, number];
  /** Whether the process has a terminal, which it is to take as its controlling one. */
  readonly isTerminal: boolean;
  /** Closes the process's ends on this side. Call it once the process runs, or when it could not be started. */
  closeFar(): void;
  /** Gives up all that is open. A process with a terminal is told so by SIGHUP. */
  destroy(): void;
}

/** What a process is to be given. */
export interface StreamsWanted {
  readonly stdin: boolean;
  readonly tty: boolean;
}

const noTerminal =
  "seaworthy: no terminal can be made here (it needs Linux, setsid, stty, and perl or python3); going on without one\n";

/**
 * Makes the standard streams of a process: a terminal where one is wanted and can be had, else pipes. `folder` is one of the
 * pod's own, in which pipes have names for a moment: what a killed process leaves there goes with the pod.
 */
export async function openStreams({ stdin, tty }: StreamsWanted, folder: string): Promise<OpenStreams> {
  if (!tty) return openPipes(folder, { stdin, joined: false });
  const terminal = await openTerminal();
  if (terminal !== undefined) return fromTerminal(terminal, stdin);
  const pipes = await openPipes(folder, { stdin, joined: true });
  writeSync(pipes.far[1], noTerminal);
  return pipes;
}

function fromTerminal(terminal: Terminal, hasStdin: boolean): OpenStreams {
  const { slave } = terminal;
  return {
    far: [slave, slave, slave],
    isTerminal: true,
    ...(hasStdin ? { stdin: terminal.input } : {}),
    stdout: terminal.output,
    resize: (size) => terminal.resize(size),
    closeFar: () => closeSync(slave),
    destroy: () => terminal.destroy(),
  };
}

const outputPipes = createPipeStock();

async function openPipes(
  folder: string,
  { stdin, joined }: { readonly stdin: boolean; readonly joined: boolean },
): Promise<OpenStreams> {
  await mkdir(folder, { recursive: true });
  const input = stdin ? await makeInput(folder) : undefined;
  const stdout = outputOf(await outputPipes.take(folder));
  const stderr = joined ? undefined : outputOf(await outputPipes.take(folder));
  const far = [input?.far ?? "ignore", stdout.far, stderr?.far ?? stdout.far] as const;
  return {
    far,
    isTerminal: false,
    ...(input === undefined ? {} : { stdin: input.near }),
    stdout: stdout.near,
    ...(stderr === undefined ? {} : { stderr: stderr.near }),
    closeFar() {
      for (const fd of new Set(far)) if (fd !== "ignore") closeSync(fd);
    },
    destroy() {
      for (const end of [stdout, stderr, input]) end?.near.destroy();
    },
  };
}

interface Pipe {
  readonly near: Socket;
  readonly far: number;
}

function outputOf({ read, write }: OutputPipe): Pipe {
  return { near: new Socket({ fd: read, readable: true, writable: false }), far: write };
}

async function makeInput(folder: string): Promise<Pipe> {
  const made: Pipe[] = [];
  await makePipes(folder, 1, (path) => made.push(openInput(path)));
  return made[0]!;
}

function openInput(path: string): Pipe {
  // A writer finds a reader only; the first one is there to be found, for the app's own must not be O_NONBLOCK.
  const first = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const near = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const far = openSync(path, constants.O_RDONLY);
  closeSync(first);
  const writer = new Socket({ fd: near, readable: false, writable: true });
  // Whoever reads it may end at any time.
  writer.on("error", () => {});
  return { near: writer, far };
}
