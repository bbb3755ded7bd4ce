import type { Clock } from "../../clock.ts";
import type { RunCommand } from "../probes/run-probe.ts";
import { splitCommandLine } from "../container/split-command-line.ts";
import { wait } from "../../wait.ts";

const shells = new Set(["sh", "bash", "ash", "dash"]);
const harmless = new Set(["true", ":", "echo", "sleep", "exit", "wait"]);

/**
 * Stands in for commands of an image that we do not have: sleeps take their time, nothing else is run, for it
 * would be run against this machine. A hook which needs another command fails, as it does where that is missing.
 */
export function standInExec(clock: Clock): RunCommand {
  return async (argv, timeoutMs) => {
    const commands = simpleCommands(argv);
    const sleepMs = commands.reduce((sum, command) => sum + sleepOf(command), 0);
    const isCut = sleepMs > timeoutMs;
    if (sleepMs > 0) await wait(clock, Math.min(sleepMs, timeoutMs));
    if (isCut) return { exitCode: 137, output: "", timedOut: true };
    const missing = commands
      .map(([name = ""]) => name.slice(name.lastIndexOf("/") + 1))
      .find((name) => !harmless.has(name));
    return missing === undefined
      ? { exitCode: 0, output: "", timedOut: false }
      : {
          exitCode: 127,
          output: `"${missing}" is not run: a stand-in has no files of its image`,
          timedOut: false,
        };
  };
}

/** The commands of an argv, taking `sh -c "a; b && c"` apart. */
export function simpleCommands(argv: readonly string[]): string[][] {
  const [command = ""] = argv;
  const isShell = shells.has(command.slice(command.lastIndexOf("/") + 1));
  const flag = argv.findIndex((word) => /^-[a-z]*c$/.test(word));
  if (!isShell || flag === -1) return [[...argv]];
  return (argv[flag + 1] ?? "")
    .split(/;|&&|\|\||\n/)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      try {
        return splitCommandLine(part);
      } catch {
        return [part];
      }
    });
}

function sleepOf([name = "", ...durations]: readonly string[]): number {
  if (name !== "sleep" && !name.endsWith("/sleep")) return 0;
  const units: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };
  return durations.reduce((sum, duration) => {
    const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(duration);
    return match === null ? sum : sum + Number(match[1]) * units[match[2]!]! * 1000;
  }, 0);
}
