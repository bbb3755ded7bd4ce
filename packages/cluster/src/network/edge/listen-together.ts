import { createServer, type AddressInfo, type Server, type Socket } from "node:net";

/**
 * How many servers share a port. Node takes one connection for each server in a turn of its event loop (libuv, uv__server_io in
 * src/unix/stream.c), so that one alone lets clients wait for seconds where a busy machine makes turns long.
 */
export const sharing = 8;

/** A port of 127.0.0.1 on which servers listen. */
export interface SharedPort extends Disposable {
  readonly port: number;
}

/** Listens on a port, or on a free one for 0. Rejects with an errno error. */
export async function listenTogether(port: number, take: (socket: Socket) => void): Promise<SharedPort> {
  const own = await freePort(port);
  // Not every system lets servers share a port.
  const servers = await listenAll(own, sharing, take).catch(() => listenAll(own, 1, take));
  return {
    port: own,
    [Symbol.dispose]() {
      for (const server of servers) server.close();
    },
  };
}

async function listenAll(port: number, count: number, take: (socket: Socket) => void): Promise<Server[]> {
  const servers = Array.from({ length: count }, () => createServer({ noDelay: true }, take));
  const tries = await Promise.allSettled(servers.map((server) => listen(server, port, count > 1)));
  const failed = tries.find((each) => each.status === "rejected");
  if (failed === undefined) return servers;
  for (const server of servers) if (server.listening) server.close();
  throw failed.reason;
}

/** Whoever shares a port would share it with other programs of this user, too. So one that does not share is to find it free. */
async function freePort(port: number): Promise<number> {
  const server = createServer();
  await listen(server, port, false);
  const own = (server.address() as AddressInfo).port;
  await new Promise((closed) => server.close(closed));
  return own;
}

async function listen(server: Server, port: number, reusePort: boolean): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen({ port, host: "127.0.0.1", reusePort }, resolve);
  await promise;
  server.off("error", reject);
}
