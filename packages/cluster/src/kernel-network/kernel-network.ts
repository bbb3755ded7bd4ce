import type { Socket as UdpSocket } from "node:dgram";
import type { Server, Socket } from "node:net";
import type { Agent, ListenOptions } from "./start-agent.ts";

/**
 * The network of all nodes in one network namespace of this machine, which an ordinary user may make: every pod has a
 * namespace of its own at the end of a veth pair, with a route to its address, as the ptp CNI plugin lays it. Refusals,
 * resets and lost packets are the kernel's own.
 */
export interface KernelNetwork extends AsyncDisposable {
  /** The process whose network (and user) namespace it is. */
  readonly pid: number;
  /** The file in which the kernel shows the connections that it knows; not every kernel has it. */
  readonly connections: string;
  /** A command that enters the network of the nodes and becomes the command that follows it. */
  readonly enter: readonly [string, ...string[]];
  /** Gives a pod a namespace with its address. */
  addPod(ip: string): Promise<PodLink>;
  /** Makes addresses of nodes local here. */
  addNodes(ips: readonly string[]): Promise<void>;
  /** Connects to a TCP port as a process on a node does. Rejects with an errno error, with `ETIMEDOUT` after `timeoutMs`. */
  dial(ip: string, port: number, timeoutMs: number): Promise<Socket>;
  /** Listens on a TCP port of a node. Connections come half-open and paused. */
  listen(ip: string, port: number, options?: ListenOptions): Promise<Server>;
  /** Binds a UDP port of a node. */
  bind(ip: string, port: number): Promise<UdpSocket>;
  /** Puts rules in force, all or none: text as `nft -f` reads it. Rejects with SW2003 and what nft said. */
  applyRules(text: string): Promise<void>;
}

/** A pod's place in the network. */
export interface PodLink {
  /** Where nsenter(1) finds the pod's network namespace. */
  readonly netns: string;
  /** Starts an agent in the pod's namespace. */
  startAgent(): Agent;
  /** Takes the pod's address away at once; the namespace goes when its last process does. */
  remove(): Promise<void>;
}
