import type { Socket } from "node:net";

/**
 * Closes a connection with a reset. When the peer's end arrives while Node is about to reset, libuv refuses and Node
 * forgets the handle, which would then stay open for ever (seen in v24.21): so it is closed here.
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded || socket.destroyed) {
    socket.destroy();
    return;
  }
  const handle = (socket as unknown as { _handle?: { close(): void } | null })._handle;
  socket.on("error", (error: NodeJS.ErrnoException) => {
    if (error.syscall !== "reset") return;
    handle?.close();
    // Nobody else will say so, and those who count open sockets wait for it.
    socket.emit("close", true);
  });
  socket.resetAndDestroy();
}
