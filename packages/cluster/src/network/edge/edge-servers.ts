import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2Server, type Http2Session } from "node:http2";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer, TLSSocket } from "node:tls";
import type { EdgeCertificates } from "./edge-certificates.ts";
import type { ProxyBehavior } from "./proxy-behavior.ts";
import type { ClientConnection, EdgeReply, EdgeRequest } from "./requests/edge-request.ts";
import { http1Reply, http1Request } from "./requests/http1-request.ts";
import { http2Reply, http2Request } from "./requests/http2-request.ts";

/** The ports of the edge: HTTP as it is, and in TLS. */
export type EdgePort = "bare" | "secure";

/** What one process of the edge's speaks. It listens nowhere: connections are given to it. */
export interface EdgeServers extends AsyncDisposable {
  take(socket: Socket, port: EdgePort): void;
  /** How many connections of clients it has. */
  readonly open: number;
  /** From now on no connection is kept after its answer. Those that carry no request are closed if `closesIdle`; gives how many. */
  beginEnding(closesIdle: boolean): number;
  /** Resolves when it has no connection, as it may at once. */
  emptied(): Promise<void>;
}

/** What servers need. */
export interface EdgeServersOptions {
  readonly behavior: ProxyBehavior;
  readonly certificates: EdgeCertificates;
  readonly ports: () => Readonly<Record<EdgePort, number>>;
  readonly onRequest: (request: EdgeRequest, reply: EdgeReply) => void;
  readonly onUpgrade: (request: EdgeRequest, socket: Socket, head: Buffer) => void;
}

/** nginx: http2_max_concurrent_streams. */
const mostStreams = 128;

/**
 * Makes servers that speak HTTP. The one for TLS hands its sockets to the others, by the protocol that the handshake has
 * chosen (ALPN); so there is one for each version of HTTP, whatever is beneath it.
 */
export function createEdgeServers(options: EdgeServersOptions): EdgeServers {
  const { behavior, certificates, ports, onRequest, onUpgrade } = options;
  const connections = new WeakMap<Socket | Http2Session, ClientConnection>();
  const open = createOpenSockets();
  let count = 0;
  let isEnding = false;
  const connectionOf = (key: Socket | Http2Session, socket: Socket): ClientConnection => {
    const known = connections.get(key);
    if (known !== undefined) return known;
    const { bare: barePort, secure: tlsPort } = ports();
    const connection = {
      isTls: socket instanceof TLSSocket,
      clientIp: socket.remoteAddress ?? "127.0.0.1",
      port: socket.localPort ?? 80,
      barePort,
      tlsPort,
      worker: count % behavior.workers,
    };
    count += 1;
    connections.set(key, connection);
    return connection;
  };
  const requestOf = (message: IncomingMessage) =>
    http1Request(message, connectionOf(message.socket, message.socket));

  // No limit on how long a request may take to arrive: Node's would answer 408, which none of the proxies does at 300 s.
  const timing = { keepAliveTimeout: behavior.clientIdleMs, requestTimeout: 0 };
  const http1 = createServer(timing, (message: IncomingMessage, response: ServerResponse) => {
    const { socket } = message;
    open.carries(socket, 1);
    response.once("close", () => open.carries(socket, -1));
    onRequest(
      requestOf(message),
      http1Reply(response, () => isEnding),
    );
  });
  http1.on("connection", (socket: Socket) => connectionOf(socket, socket));
  http1.on("upgrade", (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    open.carries(message.socket, 1);
    onUpgrade(requestOf(message), socket as Socket, head);
  });
  const http2 = createHttp2Sessions(
    behavior.clientIdleMs,
    (request, reply) => onRequest(request, reply),
    connectionOf,
    () => isEnding,
  );
  const secure = createTlsServer(
    {
      ...certificates.fallback,
      ALPNProtocols: ["h2", "http/1.1"],
      SNICallback: (serverName, chosen) => chosen(null, certificates.contextFor(serverName)),
    },
    (socket) => (socket.alpnProtocol === "h2" ? http2.take(socket) : http1.emit("connection", socket)),
  );
  const takeBare = (socket: Socket) => {
    if (behavior.takesH2c === true) takeByPreface(socket, http1, (each) => http2.take(each));
    else http1.emit("connection", socket);
  };
  return {
    take(socket, port) {
      open.add(socket);
      if (port === "bare") takeBare(socket);
      else secure.emit("connection", socket);
    },
    get open() {
      return open.size;
    },
    beginEnding(closesIdle) {
      isEnding = true;
      return closesIdle ? http2.closeAll() + open.closeIdle() : 0;
    },
    emptied: () => open.emptied(),
    async [Symbol.asyncDispose]() {
      await http2.end();
      open.destroyAll();
    },
  };
}

/** The connections of clients, and which of them carry a request. */
function createOpenSockets() {
  const sockets = new Set<Socket>();
  /** Requests that are under way, by the socket that speaks HTTP/1.1; those that have had none are not in it. */
  const underWay = new Map<Socket, number>();
  const { promise, resolve } = Promise.withResolvers<void>();
  let isAwaited = false;
  const tellIfEmpty = () => {
    if (isAwaited && sockets.size === 0) resolve();
  };
  return {
    get size() {
      return sockets.size;
    },
    add(socket: Socket) {
      sockets.add(socket);
      socket.once("close", () => {
        sockets.delete(socket);
        tellIfEmpty();
      });
    },
    carries(socket: Socket, more: 1 | -1) {
      if (!underWay.has(socket)) socket.once("close", () => underWay.delete(socket));
      if (!socket.destroyed) underWay.set(socket, (underWay.get(socket) ?? 0) + more);
    },
    closeIdle() {
      const idle = [...underWay].filter(([, requests]) => requests <= 0);
      for (const [socket] of idle) socket.destroy();
      return idle.length;
    },
    emptied() {
      isAwaited = true;
      tellIfEmpty();
      return promise;
    },
    destroyAll() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** What a client of HTTP/2 says first, as far as it takes to know it (RFC 9113 §3.4). */
const preface = "PRI * HTTP/2.0";

/** Hands on those who begin with HTTP/2, and all others to the server for HTTP/1.1. */
function takeByPreface(
  socket: Socket,
  http1: { emit(event: "connection", socket: Socket): unknown },
  takeHttp2: (socket: Socket) => void,
): void {
  const ignore = () => {};
  socket.on("error", ignore);
  socket.once("data", (first: Buffer) => {
    socket.off("error", ignore);
    socket.pause();
    socket.unshift(first);
    if (first.toString("latin1", 0, preface.length) === preface) takeHttp2(socket);
    else {
      http1.emit("connection", socket);
      socket.resume();
    }
  });
}

/** Speaks HTTP/2 over sockets that are given to it. */
function createHttp2Sessions(
  idleMs: number,
  onRequest: EdgeServersOptions["onRequest"],
  connectionOf: (key: Http2Session, socket: Socket) => ClientConnection,
  isEnding: () => boolean,
) {
  const sessions = new Set<Http2Session>();
  const server = createHttp2Server({ settings: { maxConcurrentStreams: mostStreams } });
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    session.on("error", () => {});
    // GOAWAY, and the end when the last answer is whole.
    session.setTimeout(idleMs, () => session.close());
  });
  server.on("stream", (stream, headers, _flags, rawHeaders) => {
    stream.on("error", () => {});
    const { session } = stream;
    if (session === undefined) return;
    stream.once("close", () => {
      if (isEnding()) session.close();
    });
    if (headers.expect === "100-continue") stream.additionalHeaders({ ":status": 100 });
    const request = http2Request(stream, headers, rawHeaders, connectionOf(session, session.socket));
    onRequest(request, http2Reply(stream, request.method));
  });
  return {
    take: (socket: Socket) => server.emit("connection", socket),
    /** Says GOAWAY to everybody, and ends each when its last answer is whole. Gives how many there were. */
    closeAll() {
      for (const session of sessions) session.close();
      return sessions.size;
    },
    /** Says GOAWAY to everybody. */
    async end() {
      await Promise.all(
        [...sessions].map(async (session) => {
          const { promise, resolve } = Promise.withResolvers<void>();
          session.once("close", resolve);
          session.destroy();
          await promise;
        }),
      );
    },
  };
}
