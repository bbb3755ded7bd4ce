import { createServer as createHttp2Server, type Http2Session } from "node:http2";
import type { Socket } from "node:net";
import { createServer as createTlsServer, TLSSocket } from "node:tls";
import type { EdgeCertificates } from "./edge-certificates.ts";
import type { ProxyBehavior } from "./proxy-behavior.ts";
import type { ClientConnection, EdgeReply, EdgeRequest } from "./requests/edge-request.ts";
import { Http1Connection } from "./requests/http1-connection.ts";
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
  const open = createOpenSockets();
  const http1 = new Set<Http1Connection>();
  let count = 0;
  let isEnding = false;
  const connectionOf = (socket: Socket): ClientConnection => {
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
    return connection;
  };
  const listener = { onRequest, onUpgrade, closes: () => isEnding };
  const takeHttp1 = (socket: Socket) => {
    const connection = new Http1Connection(socket, connectionOf(socket), listener);
    http1.add(connection);
    socket.once("close", () => http1.delete(connection));
    connection.start(behavior.clientIdleMs);
  };
  const http2 = createHttp2Sessions(behavior.clientIdleMs, onRequest, connectionOf, () => isEnding);
  const secure = createTlsServer(
    {
      ...certificates.fallback,
      ALPNProtocols: ["h2", "http/1.1"],
      SNICallback: (serverName, chosen) => chosen(null, certificates.contextFor(serverName)),
    },
    (socket) => (socket.alpnProtocol === "h2" ? http2.take(socket) : takeHttp1(socket)),
  );
  return {
    take(socket, port) {
      open.add(socket);
      if (port === "secure") secure.emit("connection", socket);
      else if (behavior.takesH2c === true) takeByPreface(socket, takeHttp1, http2.take);
      else takeHttp1(socket);
    },
    get open() {
      return open.size;
    },
    beginEnding(closesIdle) {
      isEnding = true;
      if (!closesIdle) return 0;
      const idle = [...http1].filter((connection) => connection.closeIfIdle());
      return http2.closeAll() + idle.length;
    },
    emptied: () => open.emptied(),
    async [Symbol.asyncDispose]() {
      await http2.end();
      open.destroyAll();
    },
  };
}

/** The connections of clients. */
function createOpenSockets() {
  const sockets = new Set<Socket>();
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
      socket.on("error", () => {});
      socket.once("close", () => {
        sockets.delete(socket);
        tellIfEmpty();
      });
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

/** Hands on those who begin with HTTP/2, and all others to who speaks HTTP/1.1. */
function takeByPreface(
  socket: Socket,
  takeHttp1: (socket: Socket) => void,
  takeHttp2: (socket: Socket) => void,
): void {
  socket.once("data", (first: Buffer) => {
    socket.pause();
    socket.unshift(first);
    if (first.toString("latin1", 0, preface.length) === preface) takeHttp2(socket);
    else {
      takeHttp1(socket);
      socket.resume();
    }
  });
}

/** Speaks HTTP/2 over sockets that are given to it. */
function createHttp2Sessions(
  idleMs: number,
  onRequest: EdgeServersOptions["onRequest"],
  connectionOf: (socket: Socket) => ClientConnection,
  isEnding: () => boolean,
) {
  const sessions = new Map<Http2Session, ClientConnection>();
  const server = createHttp2Server({ settings: { maxConcurrentStreams: mostStreams } });
  server.on("session", (session) => {
    sessions.set(session, connectionOf(session.socket));
    session.once("close", () => sessions.delete(session));
    session.on("error", () => {});
    // GOAWAY, and the end when the last answer is whole.
    session.setTimeout(idleMs, () => session.close());
  });
  server.on("stream", (stream, headers, _flags, rawHeaders) => {
    stream.on("error", () => {});
    const { session } = stream;
    const connection = session && sessions.get(session);
    if (session === undefined || connection === undefined) return;
    stream.once("close", () => {
      if (isEnding()) session.close();
    });
    if (headers.expect === "100-continue") stream.additionalHeaders({ ":status": 100 });
    const request = http2Request(stream, headers, rawHeaders, connection);
    onRequest(request, http2Reply(stream, request.method));
  });
  return {
    take: (socket: Socket) => void server.emit("connection", socket),
    /** Says GOAWAY to everybody, and ends each when its last answer is whole. Gives how many there were. */
    closeAll() {
      for (const session of sessions.keys()) session.close();
      return sessions.size;
    },
    /** Says GOAWAY to everybody. */
    async end() {
      await Promise.all(
        [...sessions.keys()].map(async (session) => {
          const { promise, resolve } = Promise.withResolvers<void>();
          session.once("close", resolve);
          session.destroy();
          await promise;
        }),
      );
    },
  };
}
