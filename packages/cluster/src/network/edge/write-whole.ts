import type { Socket } from "node:net";

/** Writes a head, each character as one byte, and its body. A short body and its head are one text, which costs less than two pieces. */
export function writeWhole(socket: Socket, head: string, body: Buffer): void {
  if (body.length <= atOnce) {
    socket.write(head + body.toString("latin1"), "latin1");
    return;
  }
  socket.cork();
  socket.write(head, "latin1");
  socket.write(body);
  socket.uncork();
}

const atOnce = 16_384;
