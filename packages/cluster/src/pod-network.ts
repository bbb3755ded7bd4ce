import type { Socket } from "node:net";

/** A pod as the network sees it. */
export interface PodAddress {
  /** The pod IP, distinct for every pod of the cluster. */
  readonly ip: string;
  /**
   * Opens a TCP connection to a port of the pod. Rejects with an errno error (`ECONNREFUSED`, …), and with
   * `ETIMEDOUT` after `timeoutMs`. The socket is a real TCP socket whose other end is the container's process.
   */
  dial(port: number, timeoutMs: number): Promise<Socket>;
}

/** Where packets to pod addresses go. The node agent attaches and detaches pods; the data plane dials. */
export interface PodNetwork {
  attach(pod: PodAddress): void;
  /** From now on packets to this address vanish: no refusal, no answer (a torn-down network namespace). */
  detach(ip: string): void;
  /**
   * Connects to a pod, as a client in the cluster network would. Rejects with an errno error: `ECONNREFUSED`
   * (the pod's network stands but nothing listens), `EHOSTUNREACH` or, after `timeoutMs`, `ETIMEDOUT` (it is gone).
   */
  dial(ip: string, port: number, timeoutMs: number): Promise<Socket>;
  /** Whether every process of this machine meets the pod at its address, as `dial` does. */
  isOnMachine(ip: string): boolean;
}
