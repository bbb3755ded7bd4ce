import { SeaworthyError } from "@seaworthy/errors";
import { runInTurn } from "./run-in-turn.ts";
import type { Agent } from "./start-agent.ts";

/** Runs commands of ip(8) in a network namespace. */
export interface IpBatch {
  /** Runs lines as `ip -batch` reads them, in order. Rejects with SW2003 and what ip said when one of them fails. */
  run(lines: readonly string[]): Promise<void>;
}

interface Waiting {
  readonly lines: readonly string[];
  readonly done: (problem: string | undefined) => void;
}

/**
 * Makes a batch: what is asked for while ip runs is done by the next run together, so that ten pods that start at once cost
 * two processes and not ten.
 */
export function createIpBatch(agent: Pick<Agent, "run">): IpBatch {
  let waiting: Waiting[] = [];
  const turns = runInTurn(async () => {
    const taken = waiting;
    waiting = [];
    const input = taken.flatMap(({ lines }) => lines).join("\n");
    const { exitCode, output } = await agent.run(["ip", "-force", "-batch", "-"], `${input}\n`);
    const problemIn = problemsByLine(exitCode, output);
    let line = 0;
    for (const { lines, done } of taken) {
      const problems = lines.flatMap(() => problemIn((line += 1)) ?? []);
      done(problems[0]);
    }
  });

  return {
    run: (lines) =>
      new Promise((resolve, reject) => {
        const done = (problem: string | undefined) =>
          problem === undefined
            ? resolve()
            : reject(new SeaworthyError("SW2003", `the pod network could not be changed: ${problem}`));
        waiting.push({ lines, done });
        turns.request();
      }),
  };
}

/** What went wrong in which line (iproute2 lib/utils.c do_batch: "Command failed -:LINE" after the message). */
function problemsByLine(exitCode: number, output: string): (line: number) => string | undefined {
  if (exitCode === 0) return () => undefined;
  const problems = new Map<number, string>();
  let said: string[] = [];
  for (const text of output.split("\n")) {
    const line = /^Command failed -:(\d+)$/.exec(text)?.[1];
    if (line === undefined) said.push(text);
    else {
      problems.set(Number(line), said.join(" ").trim());
      said = [];
    }
  }
  // Without a line it failed as a whole.
  return (line) => (problems.size === 0 ? output.trim() : problems.get(line));
}
