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
  return {
    run: (...args) =>
      new Promise((resolve) => {
        execFile(path, args, { env, timeout: longestMs }, (error, out, err) => {
          resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
        });
      }),
  };
}

const longestMs = 90_000;
