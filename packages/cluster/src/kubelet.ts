import type { Socket } from "node:net";
import type { LogSource } from "./log-source.ts";
import type { RemoteProcess } from "./remote-process.ts";

/** What the API server asks of the nodes' agents, as it asks the kubelet's own server on a real cluster. */
export interface Kubelet {
  readonly readLog: LogSource;
  /** A pod whose network stands; undefined before it is made and after it is torn down. */
  findPod(namespace: string, name: string): PodOnNode | undefined;
  /** What every running container has used so far, read now. Stand-ins are containers, too. */
  readUsage(): readonly ContainerUsage[];
}

/** A pod on its node. */
export interface PodOnNode {
  /** What the container runtime calls the pod's sandbox. */
  readonly sandboxId: string;
  /** Resolves when its network is torn down. */
  readonly ended: Promise<void>;
  /** A container that runs now. */
  findContainer(name: string): ContainerOnNode | undefined;
  /**
   * Connects to a port as a process of the pod does by the name localhost. Rejects with an errno error, and with
   * `ETIMEDOUT` after `timeoutMs`.
   */
  dialLocalhost(port: number, timeoutMs: number): Promise<Socket>;
}

/** A container that runs. */
export interface ContainerOnNode {
  /** The image that our own server stands in for, when there is no process of the user's. */
  readonly standInFor: string | undefined;
  /** Starts a command in it. Rejects with an error in the container runtime's words when it cannot be started. */
  exec(command: ExecCommand): Promise<RemoteProcess>;
  /** Takes hold of its own streams, from now on. */
  attach(): RemoteProcess;
}

/** A command that is to run in a container. */
export interface ExecCommand {
  readonly argv: readonly string[];
  /** Whether it can be written to; it reads nothing otherwise. */
  readonly stdin: boolean;
  readonly tty: boolean;
}

/** What a container has used. */
export interface ContainerUsage {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly node: string;
  /** When its process began, in milliseconds since the epoch. */
  readonly startedAtMs: number;
  /** All CPU time of its processes since it began, in nanoseconds. */
  readonly cpuNanoseconds: number;
  readonly memoryBytes: number;
  /** How long it stood still because of its limit on CPU time; absent where none is in force. */
  readonly throttledNanoseconds?: number;
}
