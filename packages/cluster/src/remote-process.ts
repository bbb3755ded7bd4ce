import type { Readable, Writable } from "node:stream";

/** How large the window of a terminal is, in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A process in a container whose streams somebody elsewhere holds: a command of its own, or the container itself. */
export interface RemoteProcess {
  /** Absent when nothing can be written to it. Ending it is the end of the process's input. */
  readonly stdin?: Writable;
  readonly stdout: Readable;
  /** Absent with a terminal, which has one output. */
  readonly stderr?: Readable;
  /** Absent without a terminal. */
  resize?(size: TerminalSize): void;
  /** Resolves with the exit code, 128 + the signal's number when a signal ended it. */
  readonly exited: Promise<number>;
  /** Nobody holds the streams any more: ends a command, and leaves a container alone. */
  release(): void;
}
