import type { Socket } from "node:net";
import type { KernelNetwork } from "../../kernel-network/kernel-network.ts";
import type { PodAddress } from "../../pod-network.ts";
import type { RemoteProcess } from "../../remote-process.ts";
import type { Privileges } from "../security/privileges.ts";
import type { ContainerLook } from "./look-at-container.ts";
import type { ProcessUsage } from "./read-usage.ts";
import type { StandardStreams, StreamsWanted } from "../streams/standard-streams.ts";

/** A folder or file that a container sees at an absolute path. */
export interface Mount {
  readonly hostPath: string;
  readonly mountPath: string;
  readonly readOnly: boolean;
}

/** What a container sees of its control groups, in a namespace of its own for them. */
export interface ControlGroupView {
  /** The files of its groups on this machine by which a process of a single thread joins: it writes 0 there. */
  readonly entrances: readonly string[];
  /** The same at the places where its programs look for them. */
  readonly mounts: readonly Mount[];
  /** Where control groups are mounted that it is not to see. */
  readonly unseen: string | undefined;
}

/** One container, ready to be started: everything resolved, nothing of Kubernetes left in it. */
export interface ContainerSpec {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string | undefined;
  readonly mounts: readonly Mount[];
  /** stdout and stderr are appended to this file, one `<RFC 3339 nano> stdout|stderr F <line>` per line (the CRI log format). */
  readonly logFile: string;
  /** Whether it has a standard input that can be written to, and a terminal. Default neither. */
  readonly stdin?: boolean;
  readonly tty?: boolean;
  /** A process of another container of the pod whose processes it is to see, and which sees it. */
  readonly besidePid?: number;
  /** As whom it runs and what it may do; absent: as the runtime. */
  readonly privileges?: Privileges | undefined;
  /** Whether it can write only to its mounts, /dev and /proc. */
  readonly readOnlyRoot?: boolean;
  /** Parameters of the kernel that its pod has for itself, all of the network. */
  readonly sysctls?: Readonly<Record<string, string>>;
  /** Absent: it sees this machine's. */
  readonly controlGroups?: ControlGroupView | undefined;
  /** Told of its first process, before that starts others. */
  readonly onProcess?: (pid: number) => void;
}

export interface ExitStatus {
  /** 128 + signal number when a signal ended it, as container runtimes report it. */
  readonly exitCode: number;
  readonly signal: string | undefined;
}

/** A running container. It behaves as PID 1 of its own PID namespace does, whatever the runtime. */
export interface ContainerProcess {
  readonly pid: number;
  /** What it reads and writes. All that it writes is logged, whoever else reads it. */
  readonly streams: StandardStreams;
  signal(signal: NodeJS.Signals | number): void;
  readonly exited: Promise<ExitStatus>;
}

/** One pod's own network (and what else its containers share). */
export interface PodSandbox extends PodAddress, AsyncDisposable {
  start(spec: ContainerSpec): Promise<ContainerProcess>;
  /** Runs a command inside a running container (exec probes and hooks). Killed at `timeoutMs`: then `timedOut` is true. */
  exec(
    container: ContainerProcess,
    spec: ContainerSpec,
    argv: readonly string[],
    timeoutMs: number,
  ): Promise<{ exitCode: number; output: string; timedOut: boolean }>;
  /**
   * Starts a command inside a running container, with streams of its own. Rejects in a container runtime's words when it
   * cannot be started. It ends with the container, and with this process.
   */
  execStreaming(
    container: ContainerProcess,
    spec: ContainerSpec,
    argv: readonly string[],
    wanted: StreamsWanted,
  ): Promise<RemoteProcess>;
  /** Connects to a port as a process of the pod does by the name localhost; rejects as `dial` does. */
  dialLocalhost(port: number, timeoutMs: number): Promise<Socket>;
  /** Takes its network away while its containers run on. Absent where the pods' network does that by itself. */
  cutOff?(): Promise<void>;
  /** What the processes of a container have used; undefined where that cannot be known. */
  readUsage?(container: ContainerProcess): ProcessUsage | undefined;
  /** Looks at a container's processes and sockets; `signal` is the one whose handlers are asked for. Undefined when it is gone. */
  look?(container: ContainerProcess, signal: NodeJS.Signals | number): Promise<ContainerLook | undefined>;
}

/** Whom a sandbox is for. */
export interface SandboxedPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly ip: string;
  readonly hostname: string;
  /** Whether it is in its node's own network, where the runtime has one; `ip` is the node's then. */
  readonly hostNetwork?: boolean;
  /** What its programs can connect to outside of the pod. */
  readonly reachable: readonly Reachable[];
}

/** An address of the cluster that programs in pods can connect to. */
export interface Reachable {
  readonly ip: string;
  readonly port: number;
  /** The port of 127.0.0.1 that leads to the same, for pods that are plain processes. */
  readonly localPort: number;
  /** Takes a connection that a program in a pod has opened. Nothing has been read from it. */
  accept(socket: Socket): void;
}

/**
 * Makes pod sandboxes on this machine. `namespace`: Linux namespaces. `shim`: one loopback address per pod.
 * Disposing it gives up what it keeps ready; its sandboxes are to be disposed before.
 */
export interface PodRuntime extends AsyncDisposable {
  readonly name: "namespace" | "shim";
  /** What it can hold containers to: that they run as other users, or only what they may do, or neither. */
  readonly holds: "users" | "privileges" | "nothing";
  /** The network that its pods have together; undefined where the kernel has none for them. */
  readonly network?: KernelNetwork | undefined;
  createSandbox(pod: SandboxedPod): Promise<PodSandbox>;
}
