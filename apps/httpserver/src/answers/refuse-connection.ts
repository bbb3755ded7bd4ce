import type { Duplex } from "node:stream";

/**
 * Answers on a connection that was to become a tunnel or another protocol, and closes it. Node leaves such a connection to us:
 * without this it stays for as long as the client likes.
 */
export function refuseConnection(socket: Duplex, status: string, headers: readonly string[] = []): void {
  const head = [`HTTP/1.1 ${status}`, ...headers, "Connection: close", "Content-Length: 0"];
  socket.end(`${head.join("\r\n")}\r\n\r\n`, () => socket.destroy());
}
