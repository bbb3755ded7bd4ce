import type { IncomingMessage, ServerResponse } from "node:http";
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import net, { type Socket } from "node:net";
import tls from "node:tls";
import { type Exchange, isHttp2Request, type Request } from "../exchange.ts";
import type { AnyServer } from "../tap-server.ts";
import { type Connection, type ConnectionState, newConnection, stateOf } from "./connection.ts";
import { endPolitely, sendElsewhere, type Politeness } from "./end-politely.ts";
import { asksForUpgrade, mayHaveLost } from "./lost-behind-upgrade.ts";

/** The requests and connections that were still there when the time to drain was over. */
export interface CutConnections {
  readonly requests: readonly Exchange[];
  readonly byState: Readonly<Record<ConnectionState, number>>;
}

/** One server's connections and the exchanges on them, which Node's `server.close()` neither knows nor waits for. */
export interface ConnectionSet {
  readonly server: AnyServer;
  readonly size: number;
  /**
   * Whether a request may still come on its connection. After an answer that closes the connection no request may be
   * processed, because its answer would get lost and its client sends it again elsewhere. RFC 9112, section 9.6.
   */
  takes(request: Request): boolean;
  /** The exchanges under way on a connection, in the order in which they came. */
  exchangesOn(socket: Socket): readonly Exchange[];
  begin(exchange: Exchange): void;
  /** Gives the bytes written for the exchange, with its head; undefined on HTTP/2, where the connection is shared. */
  end(exchange: Exchange, nowMs: number): number | undefined;
  upgraded(request: IncomingMessage): void;
  /** When traffic last came: a request, or a connection that has not asked yet. Probes do not count. */
  lastTrafficMs(): number;
  /** Ends HTTP/1.1 connections that nothing has come on for so long. To be called right after the poll phase. */
  endIdle(idleMs: number): void;
  /** Begins the drain: each answer from here on says that its connection closes. */
  announceClose(): void;
  /** Stops accepting. Connections stay, unlike with `server.close()`, which cuts idle ones at once. */
  stopListening(): void;
  /** Ends idle connections, and asks the others to end. To be called again and again, each time right after the poll phase. */
  reap(): void;
  /** Cuts the connections that are left. */
  destroyAll(): CutConnections;
}

/** Not in Node's documentation: whether an answer that has begun says `Connection: close`. */
type ClosingResponse = ServerResponse & { readonly _last?: boolean };
const connectionKey = Symbol("connection");
type Carrier = (Socket | ServerHttp2Session) & { [connectionKey]?: Connection };

/** Follows the connections of a server. Call it before the server listens. */
export function trackConnections(
  server: AnyServer,
  now: () => number,
  politeness: Politeness,
): ConnectionSet {
  const connections = new Set<Connection>();
  /** TCP connections whose TLS handshake is not over, by the peer's address and port. */
  const handshakes = new Map<string, { readonly socket: Socket; readonly acceptedAtMs: number }>();
  const secure = server instanceof tls.Server;
  let lastRequestMs = -Infinity;
  let draining = false;
  let closing = false;

  function accept(socket: Socket): void {
    handshakes.delete(peerOf(socket));
    const connection = newConnection(socket, now());
    (socket as Carrier)[connectionKey] = connection;
    connections.add(connection);
    socket.once("close", () => connections.delete(connection));
  }
  function acceptRaw(socket: Socket): void {
    const peer = peerOf(socket);
    handshakes.set(peer, { socket, acceptedAtMs: now() });
    socket.once("close", () => handshakes.delete(peer));
  }
  // Comes before Node's own listeners, which make an HTTP/2 session of the socket at once.
  if (secure) server.prependListener("connection", acceptRaw);
  server.prependListener(secure ? "secureConnection" : "connection", accept);
  (server as net.Server).on("session", (session: ServerHttp2Session) => {
    const connection = (session.socket as Carrier)[connectionKey];
    if (connection === undefined) return;
    connection.session = session;
    (session as Carrier)[connectionKey] = connection;
    session.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      connection.streams.add(stream);
      if (headers[":protocol"] === "websocket") connection.webSockets.add(stream);
      stream.once("close", () => {
        connection.streams.delete(stream);
        connection.webSockets.delete(stream);
      });
    });
  });

  return {
    server,
    get size() {
      return connections.size + handshakes.size;
    },
    takes(request) {
      if (isHttp2Request(request)) return true;
      if (!request.socket.writable) return false;
      const ahead = connectionOf(request)?.exchanges.at(-1)?.response as ClosingResponse | undefined;
      return ahead === undefined || (ahead.shouldKeepAlive && ahead._last !== true);
    },
    exchangesOn: (socket) => (socket as Carrier)[connectionKey]?.exchanges ?? [],
    begin(exchange) {
      const connection = connectionOf(exchange.request);
      if (!exchange.internal) lastRequestMs = exchange.startMs;
      if (connection === undefined) return;
      exchange.connection = connection;
      exchange.peer = connection.peer;
      if (asksForUpgrade(exchange.request)) {
        const bytesRead = connection.socket.bytesRead - connection.idleBytesRead;
        if (mayHaveLost(exchange.request, bytesRead))
          (exchange.response as ServerResponse).shouldKeepAlive = false;
      }
      connection.requests += 1;
      connection.exchanges.push(exchange);
      if (!draining) return;
      if (connection.session === undefined) (exchange.response as ServerResponse).shouldKeepAlive = false;
      else sendElsewhere(connection);
    },
    end(exchange, nowMs) {
      const { connection } = exchange;
      if (connection === undefined) return undefined;
      const { exchanges, socket } = connection;
      if (exchanges.length === 1) exchanges.pop();
      else exchanges.splice(exchanges.indexOf(exchange), 1);
      if (connection.session !== undefined) return undefined;
      const { bytesWritten } = socket;
      const written = bytesWritten - connection.bytesWritten;
      connection.bytesWritten = bytesWritten;
      if (exchanges.length === 0) {
        connection.idleSinceMs = nowMs;
        connection.idleBytesRead = socket.bytesRead;
        // An answer whose head said keep-alive before the drain leaves its connection open: end it here.
        if (closing) socket.destroySoon();
      }
      return written;
    },
    upgraded(request) {
      const connection = (request.socket as Carrier)[connectionKey];
      if (connection !== undefined)
        connection.upgradedTo = (request.headers.upgrade ?? "connect").toLowerCase();
    },
    lastTrafficMs() {
      let last = lastRequestMs;
      for (const connection of connections) {
        const { requests, acceptedAtMs } = connection;
        if (requests === 0 && connection.upgradedTo === undefined) last = Math.max(last, acceptedAtMs);
      }
      return last;
    },
    endIdle(idleMs) {
      const before = now() - idleMs;
      for (const connection of connections) {
        if (
          connection.idleSinceMs <= before &&
          stateOf(connection) === "idle" &&
          connection.session === undefined
        )
          connection.socket.destroySoon();
      }
    },
    announceClose() {
      draining = true;
      for (const connection of connections) {
        if (connection.streams.size > 0) sendElsewhere(connection);
        else refuseKeepAlive(connection);
      }
    },
    stopListening() {
      // http.Server's own close() first ends idle connections and stops enforcing headersTimeout and requestTimeout.
      if (server.listening) net.Server.prototype.close.call(server);
    },
    reap() {
      closing = true;
      for (const connection of connections) endPolitely(connection, now(), politeness);
      for (const { socket, acceptedAtMs } of handshakes.values()) {
        if (socket.bytesRead === 0 && now() - acceptedAtMs >= politeness.unusedMs) socket.destroy();
      }
    },
    destroyAll() {
      const byState = { new: 0, head: handshakes.size, active: 0, idle: 0, upgraded: 0 };
      const requests: Exchange[] = [];
      for (const connection of connections) {
        byState[stateOf(connection)] += 1;
        for (const exchange of connection.exchanges) {
          exchange.ending = "cut";
          requests.push(exchange);
        }
        connection.session?.destroy();
        connection.socket.destroy();
      }
      for (const { socket } of handshakes.values()) socket.destroy();
      return { requests, byState };
    },
  };
}

function connectionOf(request: Request): Connection | undefined {
  const carrier = isHttp2Request(request) ? request.stream.session : request.socket;
  return (carrier as Carrier | undefined)?.[connectionKey];
}

/** Only the answer to the last pipelined request may announce the close, because Node sends no answer behind it. */
function refuseKeepAlive({ exchanges }: Connection): void {
  const last = exchanges.at(-1)?.response as ServerResponse | undefined;
  if (last?.headersSent === false) last.shouldKeepAlive = false;
}

/** A TLS socket does not show the TCP socket under it, but it has the same peer. */
function peerOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
