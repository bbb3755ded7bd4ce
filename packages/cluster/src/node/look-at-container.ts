import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { constants } from "node:os";
import type { SeenListener, SeenProcess } from "./container-journal.ts";

/** One look at a container's processes and sockets. */
export interface ContainerLook {
  /** The container's first process. */
  readonly first: SeenProcess;
  readonly listeners: readonly SeenListener[];
  /** Connections that are open to a port on which one of its processes listens. */
  readonly open: number;
  /** A cheaper look, for what may change: to be repeated. */
  again(): { readonly open: number; readonly closed: boolean; readonly cutOff: boolean } | undefined;
}

/** A container with more processes or descriptors than this is not looked at in full. */
const mostProcesses = 128;
const mostDescriptors = 1_024;
const longestCommand = 120;

/**
 * Looks at the processes below `pid` and at the sockets of their network, through Linux' /proc (proc(5)). Undefined where
 * there is none, or when the process is gone.
 */
export function lookAtContainer(pid: number, signal: NodeJS.Signals | number): ContainerLook | undefined {
  const first = seen(pid, signal);
  const sockets = readSockets(pid);
  if (first === undefined || sockets === undefined) return undefined;
  const parents = descendants(pid);
  const owners = [...parents.keys()].flatMap((each) =>
    socketsOf(each).flatMap((inode) => {
      const socket = sockets.find((candidate) => candidate.inode === inode && candidate.state === listening);
      return socket === undefined ? [] : [{ pid: each, socket }];
    }),
  );
  // A listening socket that is handed on to workers belongs to the one nearest to the first process.
  const byInode = new Map(owners.toReversed().map((owner) => [owner.socket.inode, owner]));
  const listeners = [...byInode.values()].flatMap((owner) => {
    const process = owner.pid === pid ? first : seen(owner.pid, signal);
    return process === undefined ? [] : [{ ...process, port: owner.socket.port }];
  });
  const inodes = [...byInode.keys()];
  const between = [...byInode.values()].map((owner) => chain(owner.pid, pid, parents));
  return {
    first,
    listeners: listeners.toSorted((left, right) => left.port - right.port),
    open: countOpen(sockets, byInode),
    again() {
      const now = readSockets(pid);
      if (now === undefined) return undefined;
      const still = (inode: string) =>
        now.some((socket) => socket.inode === inode && socket.state === listening);
      return {
        open: countOpen(now, byInode),
        closed: inodes.some((inode) => !still(inode)),
        cutOff: between.some((pids, index) => pids.some((each) => !isAlive(each)) && still(inodes[index]!)),
      };
    },
  };
}

const established = 1;
const listening = 10;

interface SocketRow {
  readonly address: string;
  readonly port: number;
  readonly state: number;
  readonly inode: string;
}

/** The TCP sockets of the network namespace that a process is in: /proc/PID/net/tcp and tcp6. */
function readSockets(pid: number): SocketRow[] | undefined {
  const tables = ["tcp", "tcp6"].map((name) => readText(`/proc/${pid}/net/${name}`));
  if (tables[0] === undefined) return undefined;
  return tables.flatMap((table) =>
    (table ?? "")
      .split("\n")
      .slice(1)
      .filter((line) => line !== "")
      .map((line) => {
        const [, local = "", , state = "", , , , , , inode = ""] = line.trim().split(/\s+/);
        const [address = "", port = ""] = local.split(":");
        return { address, port: parseInt(port, 16), state: parseInt(state, 16), inode };
      }),
  );
}

/** A socket that listens on no address in particular takes connections to all of them. */
function countOpen(
  sockets: readonly SocketRow[],
  owners: ReadonlyMap<string, { readonly socket: SocketRow }>,
): number {
  const listeners = [...owners.values()].map(({ socket }) => socket);
  return sockets.filter(
    (socket) =>
      socket.state === established &&
      listeners.some(
        ({ address, port }) => port === socket.port && (/^0+$/.test(address) || address === socket.address),
      ),
  ).length;
}

/** The processes below one, itself included, each with its parent; parents stand before their children. */
function descendants(pid: number): Map<number, number> {
  const parents = new Map<number, number>([[pid, 0]]);
  for (const parent of parents.keys()) {
    for (const thread of list(`/proc/${parent}/task`)) {
      const children = readText(`/proc/${parent}/task/${thread}/children`) ?? "";
      for (const child of children.split(" ").filter((each) => each !== ""))
        if (parents.size < mostProcesses) parents.set(Number(child), parent);
    }
  }
  return parents;
}

/** The processes between `pid` and the first one. */
function chain(pid: number, first: number, parents: ReadonlyMap<number, number>): number[] {
  const pids: number[] = [];
  for (
    let each = parents.get(pid);
    each !== undefined && each !== first && each !== 0;
    each = parents.get(each)
  )
    pids.push(each);
  return pids;
}

function socketsOf(pid: number): string[] {
  return list(`/proc/${pid}/fd`)
    .slice(0, mostDescriptors)
    .flatMap((descriptor) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readLink(`/proc/${pid}/fd/${descriptor}`))?.[1];
      return inode === undefined ? [] : [inode];
    });
}

function seen(pid: number, signal: NodeJS.Signals | number): SeenProcess | undefined {
  const status = readText(`/proc/${pid}/status`);
  if (status === undefined) return undefined;
  const words = (readText(`/proc/${pid}/cmdline`) ?? "").split("\0").filter((word) => word !== "");
  const command = words.join(" ").replace(/\s+/g, " ");
  return {
    pid: Number(/^NSpid:.*?(\d+)$/m.exec(status)?.[1] ?? pid),
    command: command.length > longestCommand ? `${command.slice(0, longestCommand - 1)}…` : command,
    handlesSignal: hasHandler(status, signal),
  };
}

/** Whether a process with this /proc/PID/status catches a signal. */
export function hasHandler(status: string, signal: NodeJS.Signals | number): boolean {
  const number = typeof signal === "number" ? signal : constants.signals[signal];
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0";
  return ((BigInt(`0x${caught}`) >> BigInt(number - 1)) & 1n) === 1n;
}

/** A process that ended and was not waited for is a zombie: still there, and over. */
function isAlive(pid: number): boolean {
  const stat = readText(`/proc/${pid}/stat`);
  return stat !== undefined && !/^\d+ \(.*\) [ZX]/s.test(stat);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
