import { createServer, type Server, type Socket } from "node:net";
import { resetSocket } from "../pods/reset-socket.ts";

/** A TCP server, not listening yet, that passes each connection on. Disposing it cuts those that are open. */
export interface Forwarder extends AsyncDisposable {
  readonly server: Server;
}

/** A SYN that nobody answers is repeated for 127 s by Linux (tcp_syn_retries 6), then the client is told. */
export const dialTimeoutMs = 127_000;

/** Makes a server join each client with the socket that `dial` opens for it. Clients must come half-open and paused. */
export function createForwarder(
  dial: (client: Socket) => Promise<{ readonly socket: Socket }>,
  server: Server = createServer({ allowHalfOpen: true, pauseOnConnect: true }),
): Forwarder {
  const sockets = new Set<Socket>();
  server.on("connection", (client) => {
    sockets.add(client);
    client.once("close", () => sockets.delete(client));
    void passOn(client, () => dial(client));
  });
  return {
    server,
    [Symbol.asyncDispose]: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

/** Joins two sockets so that each end sees what the other does: data, half-close, close and reset. */
export function joinSockets(a: Socket, b: Socket): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    // A half-closed side must be able to go on writing; sockets from a dial are not made so.
    from.allowHalfOpen = true;
    from.setNoDelay(true);
    from.on("error", () => {
      resetSocket(to);
    });
    from.once("close", () => {
      if (!to.writableEnded) to.destroy();
    });
    from.pipe(to);
  }
}

async function passOn(client: Socket, dial: () => Promise<{ socket: Socket }>): Promise<void> {
  client.on("error", () => {});
  try {
    const { socket } = await dial();
    if (client.destroyed) socket.destroy();
    else joinSockets(client, socket);
  } catch {
    // Our listener accepted what a node would have refused: a reset is the nearest that is left.
    resetSocket(client);
  }
}
