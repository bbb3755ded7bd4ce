import { spawn, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { SeaworthyError } from "@seaworthy/errors";
import type { Reachable, SandboxedPod } from "./pod-runtime.ts";
import { relay, type RelayReply, type RelayRequest } from "./relay.ts";
import { toolPath } from "./tool-path.ts";

/** The sandbox process of one pod: its network namespace, and the way to connect into it. */
export interface RelayProcess {
  readonly pid: number;
  /** Resolves once the namespace is set up and the relay answers; rejects when the kernel refuses. */
  readonly ready: Promise<void>;
  /**
   * Gives the pod its address and host name, and makes addresses outside reachable. False when the addresses could not be
   * set: then dials go to 127.0.0.1, and nothing outside can be reached.
   */
  assign(pod: Pick<SandboxedPod, "ip" | "hostname" | "reachable">): Promise<boolean>;
  /** Connects to a port of the pod, at its own address or at its loopback address. */
  dial(port: number, timeoutMs: number, at?: "localhost"): Promise<Socket>;
  stop(): Promise<void>;
}

// perl: SIOCSIFFLAGS with IFF_UP | IFF_RUNNING, for images that have no `ip`.
const loopbackUp = `ip link set lo up 2>/dev/null || busybox ip link set lo up 2>/dev/null ||
perl -e 'use Socket; socket(S,AF_INET,SOCK_DGRAM,0); ioctl(S,0x8914,pack("a16s","lo",0x41)) or exit 1' 2>/dev/null ||
python3 -c 'import fcntl,socket,struct; fcntl.ioctl(socket.socket(),0x8914,struct.pack("16sh14x",b"lo",0x41))' || exit 1
exec "$@"`;

/** Starts a relay in new namespaces, for example with `--user --map-root-user` in `unshareFlags`. */
export function startRelay(unshareFlags: readonly string[]): RelayProcess {
  // setpriv comes after unshare: taking a new user namespace clears the parent-death signal.
  const child = spawn(
    "unshare",
    [
      ...unshareFlags,
      "--net",
      "--uts",
      "sh",
      "-c",
      loopbackUp,
      "sh",
      "setpriv",
      "--pdeathsig",
      "KILL",
      process.execPath,
      "--no-warnings",
      "--max-old-space-size=32",
      "--v8-pool-size=0",
      "-e",
      `(${relay.toString()})()`,
    ],
    { stdio: ["ignore", "ignore", "pipe", "ipc"], env: { PATH: toolPath() } },
  );
  return new Relay(child);
}

interface PendingDial {
  readonly resolve: (socket: Socket) => void;
  readonly reject: (error: Error) => void;
}

class Relay implements RelayProcess {
  readonly ready: Promise<void>;
  readonly #child: ChildProcess;
  readonly #dials = new Map<number, PendingDial>();
  readonly #exited: Promise<void>;
  #assigned: ((done: boolean) => void) | undefined;
  #reachable: readonly Reachable[] = [];
  #nextId = 1;
  #isStopping = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.ready = promise;
    promise.catch(() => {});
    let stderr = "";
    child.stderr?.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-2000)));
    child.on("message", (reply: RelayReply, socket) => {
      if ("up" in reply) {
        // A spare sandbox must not keep the process alive; one that a pod uses or that is awaited at its end does.
        if (!this.#isStopping) this.#keepAlive(false);
        resolve();
      }
      if ("assigned" in reply) this.#assigned?.(reply.assigned);
      if ("opened" in reply) this.#open(reply.opened, socket as Socket | undefined);
      if ("id" in reply) this.#settle(reply, socket as Socket | undefined);
    });
    this.#exited = new Promise((exited) => {
      const end = (why: string) => {
        reject(new SeaworthyError("SW2003", `the pod sandbox could not be made: ${why}`));
        this.#assigned?.(false);
        for (const dial of this.#dials.values()) dial.reject(errno("EHOSTUNREACH"));
        this.#dials.clear();
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

  assign({ ip, hostname, reachable }: Parameters<RelayProcess["assign"]>[0]): Promise<boolean> {
    this.#keepAlive(true);
    this.#reachable = reachable;
    return new Promise((resolve) => {
      this.#assigned = resolve;
      const addresses = reachable.map((each) => ({ ip: each.ip, port: each.port }));
      if (!this.#send({ ip, hostname, reachable: addresses })) resolve(false);
    });
  }

  dial(port: number, timeoutMs: number, at?: "localhost"): Promise<Socket> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#dials.delete(id);
        reject(errno("ETIMEDOUT"));
      }, timeoutMs);
      const settled = () => {
        clearTimeout(timer);
        this.#dials.delete(id);
      };
      this.#dials.set(id, {
        resolve: (socket) => (settled(), resolve(socket)),
        reject: (error) => (settled(), reject(error)),
      });
      if (!this.#send({ id, port, ...(at === undefined ? {} : { at }) }))
        this.#dials.get(id)?.reject(errno("EHOSTUNREACH"));
    });
  }

  stop(): Promise<void> {
    this.#isStopping = true;
    this.#keepAlive(true);
    this.#child.kill("SIGKILL");
    return this.#exited;
  }

  #keepAlive(yes: boolean): void {
    for (const handle of [this.#child, this.#child.channel, this.#child.stderr as Socket | null])
      handle?.[yes ? "ref" : "unref"]();
  }

  #send(request: RelayRequest): boolean {
    if (!this.#child.connected) return false;
    this.#child.send(request, () => {});
    return true;
  }

  #open(index: number, socket: Socket | undefined): void {
    // A handle is undefined when the connection was already closed again while it was passed on.
    if (socket !== undefined) this.#reachable[index]?.accept(socket);
  }

  #settle(reply: { readonly id: number; readonly error?: string }, socket: Socket | undefined): void {
    const dial = this.#dials.get(reply.id);
    if (dial === undefined) socket?.destroy();
    else if (socket !== undefined) dial.resolve(socket);
    // A handle is undefined when the connection was already closed again while it was passed on.
    else dial.reject(errno(reply.error ?? "ECONNRESET"));
  }
}

/** An error as `net.connect` gives it. */
export function errno(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`connect ${code}`), { code, syscall: "connect" });
}
