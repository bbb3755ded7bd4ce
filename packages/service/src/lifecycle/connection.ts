import type { ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import type { Exchange } from "../exchange.ts";
import { plainAddress } from "../log/client-address.ts";

/**
 * The state of a connection. `new`: nothing has come on it yet. `head`: a request is on its way. `active`: requests are
 * being answered. `idle`: kept for a next request. `upgraded`: WebSocket or a tunnel.
 */
export type ConnectionState = "new" | "head" | "active" | "idle" | "upgraded";

/** One connection, over HTTP/1.1 or HTTP/2. */
export interface Connection {
  readonly socket: Socket;
  /** The address of the other end: a socket forgets it when it is closed, and each look costs a system call. */
  readonly peer: string;
  readonly acceptedAtMs: number;
  /** The exchanges under way: one, but for pipelining and HTTP/2. */
  readonly exchanges: Exchange[];
  requests: number;
  /** When its last answer ended. Valid on an idle connection only. */
  idleSinceMs: number;
  /** The bytes that the socket had read when it last became idle. More bytes mean that a request is on its way. */
  idleBytesRead: number;
  /** The bytes that the socket had written when its last answer ended. */
  bytesWritten: number;
  session: ServerHttp2Session | undefined;
  /** Streams that are open on the session, also those of applications that listen to `stream` only. */
  readonly streams: Set<ServerHttp2Stream>;
  /** Those of them that carry a WebSocket: RFC 8441. */
  readonly webSockets: Set<ServerHttp2Stream>;
  /** The protocol it was upgraded to, in lower case. */
  upgradedTo: string | undefined;
  /** When its end began: no new request is wanted on it any more. */
  endingAtMs: number | undefined;
}

/** A connection that was just accepted. */
export function newConnection(socket: Socket, acceptedAtMs: number): Connection {
  return {
    socket,
    peer: plainAddress(socket.remoteAddress ?? ""),
    acceptedAtMs,
    exchanges: [],
    requests: 0,
    idleSinceMs: acceptedAtMs,
    idleBytesRead: 0,
    bytesWritten: 0,
    session: undefined,
    streams: new Set(),
    webSockets: new Set(),
    upgradedTo: undefined,
    endingAtMs: undefined,
  };
}

/** Node has no such state of its own: `server.close()` takes a half-sent head for an active request and waits for ever. */
export function stateOf(connection: Connection): ConnectionState {
  if (connection.upgradedTo !== undefined) return "upgraded";
  if (connection.exchanges.length > 0 || connection.streams.size > 0) return "active";
  if (connection.session !== undefined) return connection.requests === 0 ? "new" : "idle";
  if (connection.socket.bytesRead !== connection.idleBytesRead) return "head";
  return connection.requests === 0 ? "new" : "idle";
}
