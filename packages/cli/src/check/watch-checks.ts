import { Writable } from "node:stream";
import type { CommandContext } from "../command.ts";
import { isLiveTerminal } from "../output/is-live-terminal.ts";
import { reportError } from "../report-error.ts";
import { watchFiles, type FileWatch } from "./watch-files.ts";

/** What a watch needs of the world. */
export interface WatchWorld {
  openWatch(cwd: string): FileWatch;
  now(): Date;
}

const realWorld: WatchWorld = { openWatch: watchFiles, now: () => new Date() };

/**
 * Checks, and again whenever something behind the paths has changed, until the signal aborts. What changes while a check
 * runs makes for one more. Findings take the place of the last ones on a terminal; elsewhere they are told when they are
 * others. Gives the exit code of the last check.
 */
export async function watchChecks(
  paths: readonly string[],
  check: (context: CommandContext) => Promise<number>,
  context: CommandContext,
  { openWatch, now }: WatchWorld = realWorld,
): Promise<number> {
  using changes = openWatch(context.cwd);
  let last: Told | undefined;
  while (!context.signal.aborted) {
    // First: what is written from now on is heard of.
    await changes.cover(paths);
    const told = await tellInto(check, context);
    if (context.signal.aborted) break;
    if (isLiveTerminal(context)) context.stdout.write(`${clearScreen}${told.text}${footer(now())}`);
    else if (told.text !== last?.text)
      context.stdout.write(`${last === undefined ? "" : "\n"}${told.text}${footer(now())}`);
    last = told;
    await changes.changed(context.signal);
  }
  return last?.exitCode ?? 0;
}

/** Lines that are above stay there to scroll to. */
const clearScreen = "\u001B[2J\u001B[H";

function footer(at: Date): string {
  return `\nchecked at ${at.toTimeString().slice(0, 8)}, and again when a file changes; Ctrl-C ends\n`;
}

interface Told {
  readonly text: string;
  readonly exitCode: number;
}

/** One check, with all that it tells, errors as well: while somebody writes, files may be broken or gone. */
async function tellInto(
  check: (context: CommandContext) => Promise<number>,
  context: CommandContext,
): Promise<Told> {
  let text = "";
  const collect = (like: CommandContext["stderr"]) =>
    Object.assign(
      new Writable({
        write(chunk: Buffer, _, done) {
          text += chunk.toString();
          done();
        },
      }),
      { isTTY: like.isTTY === true, columns: like.columns ?? 80 },
    );
  const inner = { ...context, stdout: collect(context.stdout), stderr: collect(context.stderr) };
  try {
    const exitCode = await check(inner);
    return { text, exitCode };
  } catch (error) {
    const exitCode = reportError(error, false, inner);
    return { text, exitCode };
  }
}
