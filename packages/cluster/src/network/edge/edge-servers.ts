import { createServer as createHttp2Server, type Http2Session } from "node:http2";
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, TLSSocket } from "node:tls";
import type { EdgeCertificates } from "./edge-certificates.ts";
import type { ProxyBehavior } from "./proxy-behavior.ts";
import type { ClientConnection, EdgeReply, EdgeRequest } from "./requests/edge-request.ts";
import { Http1Connection } from "./requests/http1-connection.ts";
import { http2Reply, http2Request } from "./requests/http2-request.ts";

/** The two servers of a proxy, not listening yet. */
export interface EdgeServers extends AsyncDisposable {
  readonly bare: Server;
  readonly secure: Server;
}

/** What servers need. */
export interface EdgeServersOptions {
  readonly behavior: ProxyBehavior;
  readonly certificates: EdgeCertificates;
  readonly onRequest: (request: EdgeRequest, reply: EdgeReply) => void;
  readonly onUpgrade: (request: EdgeRequest, socket: Socket, head: Buffer) => void;
}

/** nginx: http2_max_concurrent_streams. */
const mostStreams = 128;

/**
 * Makes servers that speak HTTP. The one that listens in TLS hands its sockets to the others, by the protocol that the
 * handshake has chosen (ALPN); so there is one for each version of HTTP, whatever is beneath it.
 */
export function createEdgeServers(options: EdgeServersOptions): EdgeServers {
  const { behavior, certificates, onRequest, onUpgrade } = options;
  const sockets = new Set<Socket>();
  let count = 0;
  const connectionOf = (socket: Socket): ClientConnection => {
    const connection = {
      isTls: socket instanceof TLSSocket,
      clientIp: socket.remoteAddress ?? "127.0.0.1",
      port: socket.localPort ?? 80,
      barePort: portOf(bare, 80),
      tlsPort: portOf(secure, 443),
      worker: count % behavior.workers,
    };
    count += 1;
    return connection;
  };
  const takeHttp1 = (socket: Socket) =>
    new Http1Connection(socket, connectionOf(socket), { onRequest, onUpgrade }).start(behavior.clientIdleMs);
  const http2 = createHttp2Sessions(
    behavior.clientIdleMs,
    (request, reply) => onRequest(request, reply),
    connectionOf,
  );
  const secure = createTlsServer(
    {
      ...certificates.fallback,
      ALPNProtocols: ["h2", "http/1.1"],
      SNICallback: (serverName, chosen) => chosen(null, certificates.contextFor(serverName)),
    },
    (socket) => (socket.alpnProtocol === "h2" ? http2.take(socket) : takeHttp1(socket)),
  );
  const takesH2c = behavior.takesH2c === true;
  const bare = createTcpServer({ allowHalfOpen: true }, (socket) =>
    takesH2c ? byPreface(socket, takeHttp1, http2.take) : takeHttp1(socket),
  );
  for (const server of [bare, secure])
    server.on("connection", (socket: Socket) => {
      socket.on("error", () => {});
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
  return {
    bare,
    secure,
    async [Symbol.asyncDispose]() {
      const closed = [bare, secure].map((server) => closedOf(server));
      await http2.end();
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

/** What a client of HTTP/2 says first, as far as it takes to know it (RFC 9113 §3.4). */
const preface = "PRI * HTTP/2.0";

/** Looks at how a client begins. */
function byPreface(
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
    const connection = stream.session && sessions.get(stream.session);
    if (connection === undefined) return;
    if (headers.expect === "100-continue") stream.additionalHeaders({ ":status": 100 });
    const request = http2Request(stream, headers, rawHeaders, connection);
    onRequest(request, http2Reply(stream, request.method));
  });
  return {
    take: (socket: Socket) => void server.emit("connection", socket),
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

function portOf(server: Server, otherwise: number): number {
  return (server.address() as AddressInfo | null)?.port ?? otherwise;
}

/** Fulfilled when a server has no connections any more; at once when it never listened. */
async function closedOf(server: Server): Promise<void> {
  if (!server.listening) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  await promise;
}
