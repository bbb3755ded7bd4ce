import type { IncomingMessage, Server, ServerResponse } from "node:http";
import net, { type Socket } from "node:net";
import tls from "node:tls";

/** One server's connections and answers in the making: what Node's `server.close()` does not tell. */
export interface ConnectionSet {
  /** From now on every answer whose head is unsent says `Connection: close`, so that its client goes elsewhere. */
  sendClose(): void;
  /** Stops accepting. Connections stay, unlike with `server.close()`, which cuts every idle one at once. */
  stopListening(): void;
  /** Ends connections without a request, and lets busy ones end after their answer. */
  endIdle(): void;
  /** Cuts what is left and gives the number of requests that were cut with it. */
  destroyAll(): number;
  readonly size: number;
  /** When the latest connection was accepted, on the given clock. */
  readonly lastAcceptedAt: number;
  /** Calls `listener` when the last connection has ended; at once when there is none. */
  onceEmpty(listener: () => void): void;
}

interface Connection {
  readonly responses: Set<ServerResponse>;
  /** What the socket had read when it last became idle. More than that means that a request is on its way. */
  idleBytesRead: number;
}

/** Follows the connections of a server from before its first request. */
export function trackConnections(server: Server, now: () => number): ConnectionSet {
  const connections = new Map<Socket, Connection>();
  const emptyListeners: (() => void)[] = [];
  let closing = false;
  let endWhenIdle = false;
  let lastAcceptedAt = -Infinity;

  server.on(server instanceof tls.Server ? "secureConnection" : "connection", (socket: Socket) => {
    lastAcceptedAt = now();
    connections.set(socket, { responses: new Set(), idleBytesRead: 0 });
    socket.once("close", () => {
      connections.delete(socket);
      if (connections.size === 0) for (const listener of emptyListeners.splice(0)) listener();
    });
  });

  // First of all listeners, so that the application's own writeHead comes after.
  server.prependListener("request", (request: IncomingMessage, response: ServerResponse) => {
    const socket = request.socket;
    const connection = connections.get(socket);
    if (closing) response.shouldKeepAlive = false;
    connection?.responses.add(response);
    response.once("close", () => {
      if (connection === undefined) return;
      connection.responses.delete(response);
      if (connection.responses.size > 0) return;
      connection.idleBytesRead = socket.bytesRead;
      // An answer whose head said keep-alive before the drain leaves its connection open: end it here.
      if (endWhenIdle) socket.destroySoon();
    });
  });

  return {
    sendClose() {
      closing = true;
      for (const { responses } of connections.values()) {
        for (const response of responses) if (!response.headersSent) response.shouldKeepAlive = false;
      }
    },
    stopListening() {
      // http.Server's own close() first ends idle connections and stops enforcing headersTimeout and requestTimeout.
      if (server.listening) net.Server.prototype.close.call(server);
    },
    endIdle() {
      endWhenIdle = true;
      for (const [socket, { responses, idleBytesRead }] of connections) {
        if (responses.size === 0 && socket.bytesRead === idleBytesRead) socket.destroySoon();
      }
    },
    destroyAll() {
      let cut = 0;
      for (const [socket, { responses }] of connections) {
        cut += responses.size;
        socket.destroy();
      }
      return cut;
    },
    get size() {
      return connections.size;
    },
    get lastAcceptedAt() {
      return lastAcceptedAt;
    },
    onceEmpty(listener) {
      if (connections.size === 0) listener();
      else emptyListeners.push(listener);
    },
  };
}
