import { SeaworthyError } from "@seaworthy/errors";
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
export function createIpBatch(agent: Agent): IpBatch {
  let waiting: Waiting[] = [];
  let isRunning = false;

  async function runAll(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    while (waiting.length > 0) {
      const taken = waiting;
      waiting = [];
      const input = taken.flatMap(({ lines }) => lines).join("\n");
      const { exitCode, output } = await agent.run(["ip", "-force", "-batch", "-"], `${input}\n`);
      const problems = problemsByLine(exitCode, output);
      let line = 1;
      for (const { lines, done } of taken) {
        const [from, to] = [line, line + lines.length];
        line = to;
        done(problems.find((problem) => problem.line >= from && problem.line < to)?.said);
      }
    }
    isRunning = false;
  }

  return {
    run: (lines) =>
      new Promise((resolve, reject) => {
        const done = (problem: string | undefined) =>
          problem === undefined
            ? resolve()
            : reject(new SeaworthyError("SW2003", `the pod network could not be changed: ${problem}`));
        waiting.push({ lines, done });
        void runAll();
      }),
  };
}

/** What went wrong in which line (iproute2 lib/utils.c do_batch: "Command failed -:LINE" after the message). */
function problemsByLine(exitCode: number, output: string): { line: number; said: string }[] {
  if (exitCode === 0) return [];
  const problems: { line: number; said: string }[] = [];
  let said: string[] = [];
  for (const text of output.split("\n")) {
    const line = /^Command failed -:(\d+)$/.exec(text)?.[1];
    if (line === undefined) said.push(text);
    else {
      problems.push({ line: Number(line), said: said.join(" ").trim() });
      said = [];
    }
  }
  // It failed as a whole: everyone is told.
  if (problems.length === 0)
    for (let line = 1; line <= 10_000; line += 1) problems.push({ line, said: output.trim() });
  return problems;
}
