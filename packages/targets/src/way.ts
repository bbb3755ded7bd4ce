import type { Socket } from "node:net";
import type { Route } from "@seaworthy/app";
import type { Dialed, TlsSettings, Via } from "@seaworthy/load";

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
  /** Where the next connection of a load leads, which is to open it itself; or the connection. Left out: `dial`. */
  readonly lead?: ((timeoutMs: number) => Promise<Dialed>) | undefined;
}
