import type { Socket } from "node:net";
import type { Route } from "@seaworthy/app";
import type { ChosenAddress, TlsSettings, Via } from "@seaworthy/load";

/** A route with the address by which requests travel it. */
export interface Way {
  readonly route: Route;
  readonly via: Via;
  /** Left out: no TLS. */
  readonly tls?: TlsSettings;
  /** Whether an edge stands between. */
  readonly isEdge: boolean;
  /** Whether the edge is one that nobody can look behind: what it answers may be its own. */
  readonly isOpaque: boolean;
  dial(timeoutMs: number): Promise<{ readonly socket: Socket; readonly peer: string }>;
  /** Where the next connection leads, when the load is sent from where it can be opened. Throws an errno error. */
  readonly choose?: (() => ChosenAddress & { readonly peer: string }) | undefined;
}
