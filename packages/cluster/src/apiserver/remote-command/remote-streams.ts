import type { Readable, Writable } from "node:stream";
import type { TerminalSize } from "../../remote-process.ts";
import type { Outcome } from "./outcome.ts";

/** The client's side of a command that runs elsewhere, whatever the protocol. */
export interface RemoteStreams {
  readonly stdin: Readable | undefined;
  readonly stdout: Writable | undefined;
  readonly stderr: Writable | undefined;
  /** Aborted when the client is gone. */
  readonly gone: AbortSignal;
  onResize(listener: (size: TerminalSize) => void): void;
  /** Tells how it ended, after all that was written, and closes the connection. */
  end(outcome: Outcome): void;
}

/** Which streams a client asks for. */
export interface WantedStreams {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** `{"Width":80,"Height":24}`, as it comes when the client's window changes; undefined for anything else. */
export function parseTerminalSize(text: string): TerminalSize | undefined {
  try {
    const { Width: columns, Height: rows } = JSON.parse(text) as { Width?: unknown; Height?: unknown };
    return isSize(columns) && isSize(rows) ? { columns, rows } : undefined;
  } catch {
    return undefined;
  }
}

/** A terminal's size has 16 bits: ioctl_tty(2), TIOCSWINSZ. */
function isSize(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 65_536;
}
