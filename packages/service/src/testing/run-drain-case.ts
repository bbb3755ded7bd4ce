import { fork } from "node:child_process";
import { once } from "node:events";
import type { ShutdownReport } from "../lifecycle/shutdown-report.ts";
import type { Scheme } from "./drain-app.ts";
import { type CaseResult, drainCases } from "./drain-cases.ts";

/** A server process that tells its port by `process.send`, started with the scheme, the key's and the certificate's file. */
export interface Candidate {
  readonly file: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** How a candidate met a case. */
export interface DrainOutcome extends CaseResult {
  /** Undefined: it had to be killed. */
  readonly exitCode: number | undefined;
  readonly exitedAfterMs: number;
  /** The line `stopped`, where there is one. */
  readonly report: ShutdownReport | undefined;
}

export interface KeyPairFiles {
  readonly keyFile: string;
  readonly certFile: string;
  readonly ca: string;
}

/** How late the endpoint goes: the time that kube-proxy and an ingress take on a quiet cluster. */
const propagationMs = 300;
/** From SIGTERM to SIGKILL. */
export const killAfterMs = 6_000;

/** Starts a candidate, runs one case against it, and waits for its end. */
export async function runDrainCase(
  candidate: Candidate,
  scheme: Scheme,
  name: string,
  { keyFile, certFile, ca }: KeyPairFiles,
): Promise<DrainOutcome> {
  const child = fork(candidate.file, [...(candidate.args ?? []), scheme, keyFile, certFile], {
    env: { PATH: process.env["PATH"] ?? "", ...candidate.env },
    execArgv: [],
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const lines: string[] = [];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => lines.push(text));
  const exited = once(child, "close") as Promise<[number | null]>;
  const ended = exited.then(() => Promise.reject(new Error(`${candidate.file} ended before it listened`)));
  const [port] = (await Promise.race([once(child, "message"), ended])) as [number];
  ended.catch(() => undefined); // From here on the candidate is expected to end.
  let terminatedMs = 0;
  let gone = false;
  let killer: NodeJS.Timeout | undefined;
  const { promise: endpointGone, resolve } = Promise.withResolvers<void>();
  const run = drainCases[name];
  if (run === undefined) throw new Error(`no case ${name}`);
  const result = await run({
    scheme,
    port,
    ca,
    endpointGone,
    isGone: () => gone,
    terminate() {
      terminatedMs = performance.now();
      child.kill("SIGTERM");
      killer = setTimeout(() => child.kill("SIGKILL"), killAfterMs);
      setTimeout(() => {
        gone = true;
        resolve();
      }, propagationMs);
    },
  });
  const [code] = await exited;
  clearTimeout(killer);
  return {
    ...result,
    exitCode: code ?? undefined,
    exitedAfterMs: Math.round(performance.now() - terminatedMs),
    report: stoppedLine(lines.join("")),
  };
}

function stoppedLine(text: string): ShutdownReport | undefined {
  const line = text.split("\n").find((each) => each.includes('"msg":"stopped"'));
  return line === undefined ? undefined : (JSON.parse(line) as ShutdownReport);
}
