import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import type { TerminalSize } from "../../remote-process.ts";
import { toolPath } from "../runtime/tool-path.ts";

/** A pseudo terminal: pty(7). */
export interface Terminal {
  /** A descriptor of the end that a process has as its terminal. It is the caller's to close. */
  readonly slave: number;
  readonly input: Writable;
  /** Ends when no process has the terminal any more. */
  readonly output: Readable;
  /** The process in the foreground gets SIGWINCH. */
  resize(size: TerminalSize): void;
  /** Hangs up: the processes of the terminal get SIGHUP. */
  destroy(): void;
}

/**
 * TIOCSPTLCK with 0 unlocks the slave, TIOCGPTN gives its number (ioctl_tty(2)). Node has no ioctl, and the pty stays
 * unlocked when the program that did it is gone.
 */
const unlock = `
perl -e 'open(M, "+<&=3") or exit 1; my $n = pack("i", 0); ioctl(M, 0x40045431, $n) or exit 1;
  ioctl(M, 0x80045430, $n) or exit 1; print unpack("i", $n)' 2>/dev/null ||
python3 -c 'import fcntl, struct; zero = struct.pack("i", 0); fcntl.ioctl(3, 0x40045431, zero)
print(struct.unpack("i", fcntl.ioctl(3, 0x80045430, zero))[0])' 2>/dev/null`;

/** Makes a terminal; undefined where that is not possible. */
export async function openTerminal(): Promise<Terminal | undefined> {
  if (process.platform !== "linux") return undefined;
  let master: number;
  try {
    master = openSync("/dev/ptmx", constants.O_RDWR | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
  const path = await slavePath(master);
  if (path === undefined) {
    closeSync(master);
    return undefined;
  }
  return createTerminal(master, path);
}

async function slavePath(master: number): Promise<string | undefined> {
  const child = spawn("sh", ["-c", unlock], {
    env: { PATH: toolPath() },
    stdio: ["ignore", "pipe", "ignore", master],
  });
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => (said += String(chunk)));
  await Promise.race([once(child, "close"), once(child, "error")]);
  return /^\d+\s*$/.test(said) ? `/dev/pts/${said.trim()}` : undefined;
}

function createTerminal(master: number, path: string): Terminal {
  const slave = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  // Two small programs carry the bytes: libuv would write to a pty without ever letting go when nobody reads it.
  const reader = spawn("cat", { stdio: [master, "pipe", "ignore"], env: { PATH: toolPath() } });
  const writer = spawn("cat", { stdio: ["pipe", master, "ignore"], env: { PATH: toolPath() } });
  const { stdin: input } = writer;
  const { stdout: output } = reader;
  if (input === null || output === null) throw new Error("a pipe was asked for");
  for (const part of [reader, writer, input, output]) part.on("error", () => {});
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(master);
    isOpen = false;
    writer.kill();
  };
  output.once("close", close);
  let sizes: Promise<unknown> = Promise.resolve();
  return {
    slave,
    input,
    output,
    resize({ columns, rows }) {
      sizes = sizes.then(() => {
        if (!isOpen) return;
        const words = ["-F", path, "cols", String(columns), "rows", String(rows)];
        const stty = spawn("stty", words, { stdio: "ignore", env: { PATH: toolPath() } });
        return Promise.race([once(stty, "exit"), once(stty, "error")]);
      });
    },
    destroy() {
      reader.kill();
      close();
      output.destroy();
    },
  };
}
