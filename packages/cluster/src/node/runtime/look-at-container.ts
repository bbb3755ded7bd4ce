import { readlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { constants } from "node:os";
import type { SeenListener, SeenProcess } from "../container/container-journal.ts";
import { descendants, list, readText } from "./process-tree.ts";

/** One look at a container's processes and sockets. */
export interface ContainerLook {
  /** The container's first process as it is now; undefined when it is gone. */
  first(): SeenProcess | undefined;
  readonly listeners: readonly SeenListener[];
  /** A cheap look at what may have changed: a listening socket was closed; a process between first and listener ended. */
  again(): { readonly closed: boolean; readonly cutOff: boolean };
  /** Counts the connections that are open to a port on which one of its processes listened. */
  countOpen(): Promise<number | undefined>;
}

/** A process with more descriptors than this is not looked at in full. */
const mostDescriptors = 1_024;
const longestCommand = 120;

/**
 * Looks at the processes below `pid` and at the sockets of their network, through Linux' /proc (proc(5)). Undefined where
 * there is none, or when the process is gone. The kernel walks through the sockets of all namespaces for a table of one,
 * which takes milliseconds: so tables are read apart from the event loop, and once.
 */
export async function lookAtContainer(
  pid: number,
  signal: NodeJS.Signals | number,
): Promise<ContainerLook | undefined> {
  const sockets = await readSockets(pid);
  const first = seen(pid, signal);
  if (first === undefined || sockets === undefined) return undefined;
  const listening = new Map(
    sockets.filter(({ state }) => state === listens).map((socket) => [socket.inode, socket]),
  );
  const parents = descendants(pid);
  const owners = [...parents.keys()].flatMap((each) => ownSockets(each, listening));
  // A listening socket that is handed on to workers belongs to the one nearest to the first process.
  const byInode = new Map(owners.toReversed().map((owner) => [owner.socket.inode, owner]));
  const held = [...byInode.values()].map((owner) => ({ ...owner, between: chain(owner.pid, pid, parents) }));
  const isHeld = ({ path, socket }: Owner) => readLink(path) === `socket:[${socket.inode}]`;
  const listeners = held.flatMap((owner) => {
    const process = owner.pid === pid ? first : seen(owner.pid, signal);
    return process === undefined ? [] : [{ ...process, port: owner.socket.port }];
  });
  return {
    first: () => seen(pid, signal),
    listeners: listeners.toSorted((left, right) => left.port - right.port),
    again() {
      const closed = held.some((owner) => !isHeld(owner));
      const cutOff = held.some((owner) => owner.between.some((each) => !isAlive(each)) && isHeld(owner));
      // With the first process the kernel ends all others, and what is seen then says nothing.
      return isAlive(pid) ? { closed, cutOff } : { closed: false, cutOff: false };
    },
    async countOpen() {
      const now = await readSockets(pid);
      return now?.filter((socket) => held.some((owner) => isOpenTo(owner.socket, socket))).length;
    },
  };
}

const established = 1;
const listens = 10;

interface SocketRow {
  readonly address: string;
  readonly port: number;
  readonly state: number;
  readonly inode: string;
}

/** A process that has a listening socket, and the descriptor that is it. */
interface Owner {
  readonly pid: number;
  readonly path: string;
  readonly socket: SocketRow;
}

/** The TCP sockets of the network namespace that a process is in: /proc/PID/net/tcp and tcp6. */
async function readSockets(pid: number): Promise<SocketRow[] | undefined> {
  const [ipv4, ipv6] = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/${pid}/net/${name}`, "utf8").catch(() => undefined)),
  );
  if (ipv4 === undefined) return undefined;
  const lines = [ipv4, ipv6 ?? ""].flatMap((table) => table.split("\n").slice(1));
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const [, local = "", , state = "", , , , , , inode = ""] = line.trim().split(/\s+/);
      const [address = "", port = ""] = local.split(":");
      return { address, port: parseInt(port, 16), state: parseInt(state, 16), inode };
    });
}

/** A socket that listens on no address in particular takes connections to all of them. */
function isOpenTo(listener: SocketRow, { address, port, state }: SocketRow): boolean {
  return (
    state === established &&
    port === listener.port &&
    (/^0+$/.test(listener.address) || address === listener.address)
  );
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

function ownSockets(pid: number, sockets: ReadonlyMap<string, SocketRow>): Owner[] {
  return list(`/proc/${pid}/fd`)
    .slice(0, mostDescriptors)
    .flatMap((descriptor) => {
      const path = `/proc/${pid}/fd/${descriptor}`;
      const socket = sockets.get(/^socket:\[(\d+)\]$/.exec(readLink(path))?.[1] ?? "");
      return socket === undefined ? [] : [{ pid, path, socket }];
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

/** A zombie is over, and so is a process with the flag PF_EXITING, which lives until the processes below it are ended. */
function isAlive(pid: number): boolean {
  const stat = readText(`/proc/${pid}/stat`);
  const [state = "X", ...fields] = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  return !"ZX".includes(state) && (Number(fields[5]) & exiting) === 0;
}

/** include/linux/sched.h */
const exiting = 4;

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
