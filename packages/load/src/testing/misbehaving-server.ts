import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { readRequests } from "./read-requests.ts";

/** A server on 127.0.0.1 that does to each request what its path says, and counts requests per path. */
export interface MisbehavingServer extends AsyncDisposable {
  readonly port: number;
  readonly requests: ReadonlyMap<string, number>;
  /** How often each deed was done; differs from the requests for paths under /second. */
  readonly deeds: ReadonlyMap<string, number>;
  /** Connections that were opened. */
  readonly connections: () => number;
}

const head = "HTTP/1.1 200 OK\r\nx-pod-name: fake-1\r\n";

/** What each path does once the request has been read. */
const deeds: Readonly<Record<string, (socket: Socket, token: string) => void>> = {
  "/ok": (socket, token) => socket.write(`${head}x-seaworthy-echo: ${token}\r\nContent-Length: 2\r\n\r\nok`),
  "/ok-chunked": (socket) => {
    socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n`);
    setImmediate(() => socket.write("0\r\n\r\n"));
  },
  "/ok-until-close": (socket) => socket.end(`${head}\r\nok`),
  "/ok-close": (socket) => socket.end(`${head}Connection: close\r\nContent-Length: 2\r\n\r\nok`),
  // Answers, then closes the idle connection, as a server does whose keep-alive time is over.
  "/ok-idle-close": (socket) => {
    socket.write(`${head}Content-Length: 2\r\n\r\nok`);
    setTimeout(() => socket.end(), 5);
  },
  "/reset-before": (socket) => socket.resetAndDestroy(),
  "/close-before": (socket) => socket.end(),
  "/reset-mid": (socket) =>
    socket.write(`${head}Content-Length: 9\r\n\r\nhalf`, () =>
      setTimeout(() => socket.resetAndDestroy(), 20),
    ),
  "/close-mid": (socket) => socket.end(`${head}Content-Length: 9\r\n\r\nhalf`),
  "/stall": () => undefined,
  "/stall-mid": (socket) => socket.write(`${head}Content-Length: 9\r\n\r\nhalf`),
  "/503": (socket) => socket.write("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"),
  "/swapped": (socket) => socket.write(`${head}x-seaworthy-echo: another\r\nContent-Length: 2\r\n\r\nok`),
  "/malformed": (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok"),
  "/too-long": (socket) => socket.write(`${head}Content-Length: 2\r\n\r\nok and more`),
};

/** Paths that begin so do the same deeds from the second request of a connection on; the first request is answered. */
const second = "/second";

/** Starts the server. A path that no deed has is answered with 404. */
export async function startMisbehavingServer(): Promise<MisbehavingServer> {
  const requests = new Map<string, number>();
  const done = new Map<string, number>();
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    connections++;
    let served = 0;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    readRequests(socket, ({ path, token }) => {
      requests.set(path, (requests.get(path) ?? 0) + 1);
      const deed = path.startsWith(second) ? (served === 0 ? "/ok" : path.slice(second.length)) : path;
      served++;
      done.set(deed, (done.get(deed) ?? 0) + 1);
      const act = deeds[deed];
      if (act) act(socket, token);
      else socket.write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    deeds: done,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
