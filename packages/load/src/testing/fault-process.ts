/** The process of the fault server: see fault-server.ts. It ends with its parent. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { doDeed } from "./do-deed.ts";
import { type Deed, drawFaults } from "./draw-faults.ts";
import type { DeedCount, FaultCounts, FaultOptions, FaultPorts } from "./fault-server.ts";
import { readRequests } from "./read-requests.ts";

const {
  requests: planned,
  numbers,
  seed,
  certificates,
} = JSON.parse(process.argv[2] ?? "{}") as FaultOptions;
const plan = drawFaults(numbers, planned, seed);
const done = new Map<string, { -readonly [Key in keyof DeedCount]: DeedCount[Key] }>();
const turns = new Map<Deed, number>();
const handshakes = { garbage: 0, closing: 0, silent: 0, expiring: 0 };
let connections = 0;
let requests = 0;

const http = createServer((socket) => {
  connections++;
  let served = 0;
  ignoreErrors(socket);
  readRequests(socket, (request) => {
    // RFC 9112, section 9.6: requests behind the end of a connection are not processed, and no client may expect that.
    if (socket.writableEnded) return;
    const deed = plan[requests++] ?? "ok";
    const turn = turns.get(deed) ?? 0;
    turns.set(deed, turn + 1);
    count(request.method, deed, served++ > 0);
    doDeed(deed, turn, socket, request);
  });
});

/** Each of these servers breaks a handshake when it has seen the ClientHello. */
const garbage = brokenTls("garbage", (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
const closing = brokenTls("closing", (socket) => socket.end());
const silent = brokenTls("silent", () => undefined);
const expiring = createTlsServer(certificates?.first ?? {})
  .on("tlsClientError", () => undefined)
  .on("secureConnection", (socket) => ignoreErrors(socket))
  .on("connection", ignoreErrors)
  .once("connection", () => {
    // The handshake under way has its certificate already.
    expiring.setSecureContext(certificates?.later ?? {});
    expiring.on("connection", () => handshakes.expiring++);
  });

process.on("disconnect", () => process.exit(0));
process.on("message", () => {
  const counts: FaultCounts = { connections, requests, done: [...done.values()], handshakes };
  process.send?.(counts);
});
const ports: FaultPorts = {
  http: await listen(http),
  garbage: await listen(garbage),
  closing: await listen(closing),
  silent: await listen(silent),
  expiring: await listen(expiring),
};
process.send?.(ports);

function brokenTls(name: "garbage" | "closing" | "silent", act: (socket: Socket) => void): Server {
  return createServer((socket) => {
    ignoreErrors(socket);
    socket.once("data", () => {
      handshakes[name]++;
      act(socket);
    });
  });
}

function count(method: string, deed: Deed, reused: boolean): void {
  const key = `${method} ${deed} ${reused}`;
  const entry = done.get(key);
  if (entry) entry.count++;
  else done.set(key, { method, deed, reused, count: 1 });
}

function ignoreErrors(socket: Socket): void {
  socket.setNoDelay(true).on("error", () => undefined);
}

async function listen(server: Server): Promise<number> {
  server.listen({ port: 0, host: "127.0.0.1", backlog: 4_096 });
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
