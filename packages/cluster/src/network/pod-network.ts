import type { Socket } from "node:net";
import type { PodSandbox } from "../node/pod-runtime.ts";

/** Where packets to pod addresses go. The node agent attaches and detaches sandboxes; the data plane dials. */
export interface PodNetwork {
  attach(sandbox: PodSandbox): void;
  /** From now on packets to this address vanish: no refusal, no answer (a torn-down network namespace). */
  detach(ip: string): void;
  /**
   * Connects to a pod, as a client in the cluster network would. Rejects with an errno error: `ECONNREFUSED`
   * (the pod's network stands but nothing listens), `EHOSTUNREACH` or, after `timeoutMs`, `ETIMEDOUT` (it is gone).
   */
  dial(ip: string, port: number, timeoutMs: number): Promise<Socket>;
}
