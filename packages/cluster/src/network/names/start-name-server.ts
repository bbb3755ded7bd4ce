import type { Socket } from "node:net";
import type { KernelNetwork } from "../../kernel-network/kernel-network.ts";
import { answerQuery, roomOverUdp, type AskUpstream } from "./answer-query.ts";
import type { NameSources } from "./cluster-names.ts";

/** A message over TCP has its length before it, in two bytes (RFC 1035 section 4.2.2). */
const lengthBytes = 2;
const idleMs = 10_000;

/** Serves the cluster's names on port 53 of a node's address, over UDP and TCP. Disposing it ends both. */
export async function startNameServer(options: {
  readonly network: KernelNetwork;
  readonly ip: string;
  readonly sources: NameSources;
  readonly askUpstream: AskUpstream;
}): Promise<AsyncDisposable> {
  const { network, ip, sources, askUpstream } = options;
  const [udp, tcp] = await Promise.all([network.bind(ip, 53), network.listen(ip, 53)]);
  udp.on("error", () => {});
  udp.on("message", (query, { address, port }) => {
    void answerQuery(query, sources, askUpstream, roomOverUdp)
      .then((answer) => {
        if (answer !== undefined && !isOver) udp.send(answer, port, address, () => {});
      })
      .catch(() => {});
  });
  const sockets = new Set<Socket>();
  let isOver = false;
  tcp.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    socket.setTimeout(idleMs, () => socket.destroy());
    serveStream(socket, (query) => answerQuery(query, sources, askUpstream, () => 0xff_ff));
  });
  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      for (const socket of sockets) socket.destroy();
      udp.close();
      await new Promise<void>((resolve) => tcp.close(() => resolve()));
    },
  };
}

function serveStream(socket: Socket, answer: (query: Buffer) => Promise<Buffer | undefined>): void {
  let read = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    read = Buffer.concat([read, chunk]);
    while (read.length >= lengthBytes && read.length >= lengthBytes + read.readUInt16BE(0)) {
      const end = lengthBytes + read.readUInt16BE(0);
      const query = read.subarray(lengthBytes, end);
      read = read.subarray(end);
      answer(query).then(
        (bytes) => {
          if (bytes === undefined) return socket.destroy();
          const length = Buffer.alloc(lengthBytes);
          length.writeUInt16BE(bytes.length);
          socket.write(Buffer.concat([length, bytes]));
        },
        () => socket.destroy(),
      );
    }
  });
  socket.on("end", () => socket.end());
  socket.resume();
}
