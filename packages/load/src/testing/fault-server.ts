import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Deed, FaultNumbers } from "./draw-faults.ts";

/** What a fault server does. */
export interface FaultOptions {
  /** The requests among which the faults are drawn, in the order of arrival. Later ones are answered well. */
  readonly requests: number;
  readonly numbers: FaultNumbers;
  readonly seed: number;
  /** For the port `expiring`: a certificate for the first handshake, and one for all that follow. */
  readonly certificates?: { readonly first: KeyPair; readonly later: KeyPair };
}

/** A certificate and its key, in PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/**
 * `http` serves HTTP/1.1. To a TLS handshake `garbage` answers nonsense, `closing` a FIN, `silent` nothing, `expiring` the
 * certificates that it was given.
 */
export interface FaultPorts {
  readonly http: number;
  readonly garbage: number;
  readonly closing: number;
  readonly silent: number;
  readonly expiring: number;
}

/** How often the deed was done to requests of the method; `reused`: on connections that had carried a request before. */
export interface DeedCount {
  readonly method: string;
  readonly deed: Deed;
  readonly reused: boolean;
  readonly count: number;
}

/** What the server did so far. */
export interface FaultCounts {
  readonly connections: number;
  readonly requests: number;
  readonly done: readonly DeedCount[];
  /** TLS handshakes that were broken, by port. */
  readonly handshakes: Readonly<Record<Exclude<keyof FaultPorts, "http">, number>>;
}

/** A server on 127.0.0.1, in a process of its own, that breaks an exact number of requests and knows which. */
export interface FaultServer extends AsyncDisposable {
  readonly ports: FaultPorts;
  counts(): Promise<FaultCounts>;
}

/** Starts the server. It closes a connection only in reaction to a request, so that no request crosses with a close. */
export async function startFaultServer(options: FaultOptions): Promise<FaultServer> {
  // Flags meant for the parent (a debugger, a test runner) would slow the server.
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const file = fileURLToPath(new URL("./fault-process.ts", import.meta.url));
  const child = fork(file, [JSON.stringify(options)], { execArgv: [], env });
  return {
    ports: await answerOf<FaultPorts>(child),
    counts: async () => {
      child.send("counts");
      return await answerOf<FaultCounts>(child);
    },
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const early = once(child, "exit").then(([code]) => {
    throw new Error(`the fault server ended with ${code}`);
  });
  const [message] = (await Promise.race([once(child, "message"), early])) as [T];
  return message;
}
