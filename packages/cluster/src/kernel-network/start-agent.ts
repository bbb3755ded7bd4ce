import { spawn, type ChildProcess } from "node:child_process";
import type { Socket as UdpSocket } from "node:dgram";
import { Server, Socket } from "node:net";
import { SeaworthyError } from "@seaworthy/errors";
import { agent, type AgentReply, type AgentRequest } from "./agent-program.ts";

/** A process in a network namespace, through which this process opens sockets and runs commands there. */
export interface Agent {
  readonly pid: number;
  /** How many requests it has yet to answer. */
  readonly pending: number;
  /** Resolves once it answers; rejects with SW2003 when it could not be started. */
  readonly ready: Promise<void>;
  /** Connects to a TCP port. Rejects with an errno error, after `timeoutMs` with `ETIMEDOUT`. Nothing of the socket is read. */
  dial(host: string, port: number, timeoutMs: number): Promise<Socket>;
  /** Listens on a TCP port. Connections come half-open and paused. Rejects with an errno error. */
  listen(host: string, port: number, options?: ListenOptions): Promise<Server>;
  /** Binds a UDP port. Rejects with an errno error. */
  bind(host: string, port: number): Promise<UdpSocket>;
  /** Runs a command; `output` is what it said on stdout and stderr, 100,000 characters at most. */
  run(argv: readonly string[], input?: string): Promise<{ exitCode: number; output: string }>;
  /** Whether this process stays alive for the agent's sake. It does until told otherwise. */
  keepAlive(yes: boolean): void;
  /** Ends it, and resolves when it has ended. */
  stop(): Promise<void>;
}

/** How a port is listened on. */
export interface ListenOptions {
  /** Whether other servers may listen there, too, so that each takes some of the connections. Default false. */
  readonly isShared?: boolean;
}

type Handle = Socket | Server | UdpSocket | undefined;
type Settle = (reply: Exclude<AgentReply, { up: true }>, handle: Handle) => void;
/** A request without its number. */
type Asked = AgentRequest extends infer R ? (R extends { id: number } ? Omit<R, "id"> : never) : never;

/** Starts an agent. `enter` are the words that enter a namespace and become the command that follows them. */
export function startAgent(
  enter: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
): Agent {
  const words = [
    process.execPath,
    "--no-warnings",
    "--max-old-space-size=32",
    "--v8-pool-size=0",
    "-e",
    `(${agent.toString()})()`,
  ];
  return new AgentProcess(
    spawn(enter[0], [...enter.slice(1), ...words], { stdio: ["ignore", "ignore", "pipe", "ipc"], env }),
  );
}

class AgentProcess implements Agent {
  readonly ready: Promise<void>;
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Settle>();
  readonly #exited: Promise<void>;
  #nextId = 1;
  #isStopping = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.ready = promise;
    promise.catch(() => {});
    let stderr = "";
    child.stderr?.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-2000)));
    child.on("message", (reply: AgentReply, handle) => {
      if ("up" in reply) resolve();
      else this.#settle(reply, handle);
    });
    this.#exited = new Promise((exited) => {
      const end = (why: string) => {
        reject(new SeaworthyError("SW2003", `the pod sandbox could not be made: ${why}`));
        for (const id of this.#pending.keys()) this.#settle({ id, error: "EHOSTUNREACH" }, undefined);
        exited();
      };
      child.once("error", (error) => end(error.message));
      // Not "exit", which may come before the last of what it said.
      child.once("close", () => end(stderr.trim() === "" ? "it ended at once" : stderr.trim()));
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get pending(): number {
    return this.#pending.size;
  }

  dial(host: string, port: number, timeoutMs: number): Promise<Socket> {
    return this.#handle(Socket, { ask: "dial", host, port, timeoutMs });
  }

  async listen(host: string, port: number, { isShared = false }: ListenOptions = {}): Promise<Server> {
    const server = await this.#handle(Server, { ask: "listen", host, port, isShared });
    // What a peer sends first is left for whoever takes the connection.
    return Object.assign(server, { allowHalfOpen: true, pauseOnConnect: true });
  }

  bind(host: string, port: number): Promise<UdpSocket> {
    return this.#handle(Object as unknown as new () => UdpSocket, { ask: "bind", host, port });
  }

  run(argv: readonly string[], input = ""): Promise<{ exitCode: number; output: string }> {
    return new Promise((resolve) => {
      this.#ask({ ask: "run", argv, input }, (reply) => {
        resolve("exitCode" in reply ? reply : { exitCode: 127, output: "the sandbox process is gone" });
      });
    });
  }

  keepAlive(yes: boolean): void {
    if (!yes && this.#isStopping) return;
    for (const handle of [this.#child, this.#child.channel, this.#child.stderr as Socket | null])
      handle?.[yes ? "ref" : "unref"]();
  }

  stop(): Promise<void> {
    this.#isStopping = true;
    this.keepAlive(true);
    this.#child.kill("SIGKILL");
    return this.#exited;
  }

  #handle<T>(type: new () => T, request: Asked): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#ask(request, (reply, handle) => {
        if (handle instanceof type) resolve(handle);
        // A socket is missing when the connection was closed again while it was passed on.
        else reject(errno("error" in reply ? (reply.error ?? "ECONNRESET") : "ECONNRESET"));
      });
    });
  }

  #ask(request: Asked, settle: Settle): void {
    const id = this.#nextId++;
    this.#pending.set(id, settle);
    if (!this.#child.connected) this.#settle({ id, error: "EHOSTUNREACH" }, undefined);
    else this.#child.send({ id, ...request }, () => {});
  }

  #settle(reply: Exclude<AgentReply, { up: true }>, handle: Handle): void {
    const settle = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    settle?.(reply, handle);
  }
}

/** An error as `net.connect` gives it. */
export function errno(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`connect ${code}`), { code, syscall: "connect" });
}
