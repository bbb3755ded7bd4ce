import { execFile, spawnSync } from "node:child_process";

/** A program that talks to the API server, with the kubeconfig that leads there. */
export interface Program {
  /** Runs it; never rejects. */
  run(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
}

/** kubectl or Helm, or undefined where it is not at hand. `home` keeps what it caches. */
export function findProgram(
  path: string,
  versionArgs: readonly string[],
  kubeconfig: string,
  home: string,
): Program | undefined {
  if (spawnSync(path, versionArgs, { encoding: "utf8" }).status !== 0) return undefined;
  const env = { ...process.env, KUBECONFIG: kubeconfig, HOME: home };
  const start = (args: readonly string[]): ReturnType<Program["run"]> =>
    new Promise((resolve) => {
      execFile(path, args, { env, timeout: longestMs }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
      });
    });
  // Each of them keeps a core busy while it begins. Many at once leave nothing for the server that they ask, which may be in
  // this very process, and then their handshakes time out.
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (...args) => {
      const run = last.then(() => start(args));
      last = run;
      return run;
    },
  };
}

const longestMs = 90_000;
