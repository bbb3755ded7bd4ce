import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { SeaworthyError } from "@seaworthy/errors";
import type { RemoteProcess } from "../../remote-process.ts";
import { firstWords } from "./first-words.ts";
import { killGroup } from "./namespace-container.ts";
import { openStreams, type StreamsWanted } from "../streams/standard-streams.ts";

/** Where a command is to run. */
export interface ExecPlace {
  /** The words that go there and end with `becomeCommand`; with a terminal they make it the controlling one first. */
  readonly enter: (isTerminal: boolean) => readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** A folder of the pod, for names that its streams have for a moment. */
  readonly folder: string;
}

/**
 * The script in front of the command: it goes to the folder `$1` and becomes the rest of its words. On descriptor 3 it says
 * `ready`, or why it cannot. It looks for the command itself, because a shell also finds words of its own.
 */
export const becomeCommand = `cd "$1" 2>/dev/null || { echo workdir >&3; exit 126; }
shift
case $1 in
*/*) [ -e "$1" ] || { echo nowhere >&3; exit 127; }
  [ -f "$1" ] && [ -x "$1" ] || { echo denied >&3; exit 126; } ;;
*) (IFS=:; for folder in $PATH; do [ -f "$folder/$1" ] && [ -x "$folder/$1" ] && exit 0; done; exit 1) ||
  { echo missing >&3; exit 127; } ;;
esac
echo ready >&3
exec "$@" 3>&-`;

/**
 * Starts a command with streams of its own. Rejects with SW2002 when it cannot be started, worded as runc words it;
 * `release` kills it with all that is in its process group.
 */
export async function execStreaming(
  place: ExecPlace,
  command: { readonly argv: readonly string[]; readonly workingDir: string },
  wanted: StreamsWanted,
): Promise<RemoteProcess> {
  if (command.argv.length === 0) throw new SeaworthyError("SW2002", "args must not be empty");
  const streams = await openStreams(wanted, place.folder);
  const words = [...place.enter(streams.isTerminal), "sh", command.workingDir, ...command.argv];
  const child = spawn(words[0]!, words.slice(1), {
    cwd: place.cwd,
    // containerd gives this to every command with a terminal.
    env: { ...place.env, ...(wanted.tty ? { TERM: "xterm" } : {}) },
    // Who takes a terminal leads a session of its own, which the leader of a process group cannot begin.
    detached: !streams.isTerminal,
    stdio: [...streams.far, "pipe"],
  });
  streams.closeFar();
  const exited = new Promise<number>((resolve) => {
    child.once("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
    child.once("error", () => resolve(127));
  });
  const said = await firstWords(child);
  (child.stdio[3] as Readable).destroy();
  if (said !== "ready") {
    streams.destroy();
    throw startError(said, command);
  }
  return {
    ...(streams.stdin === undefined ? {} : { stdin: streams.stdin }),
    stdout: streams.stdout,
    ...(streams.stderr === undefined ? {} : { stderr: streams.stderr }),
    ...(streams.resize === undefined ? {} : { resize: streams.resize }),
    exited,
    release() {
      if (child.exitCode === null && child.signalCode === null) {
        killGroup(child);
        child.kill("SIGKILL");
      }
      streams.destroy();
    },
  };
}

function startError(
  said: string,
  { argv, workingDir }: { readonly argv: readonly string[]; readonly workingDir: string },
): SeaworthyError {
  const [name = ""] = argv;
  const whys: Readonly<Record<string, string>> = {
    missing: `exec: "${name}": executable file not found in $PATH`,
    nowhere: `exec: "${name}": stat ${name}: no such file or directory`,
    denied: `exec: "${name}": permission denied`,
    workdir: `chdir to cwd ("${workingDir}") set in config.json failed: no such file or directory`,
  };
  const why = whys[said] ?? said;
  return new SeaworthyError("SW2002", `unable to start container process: ${why}`);
}
