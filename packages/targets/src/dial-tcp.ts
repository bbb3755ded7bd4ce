import { connect, type Socket } from "node:net";

/** Opens a TCP connection. Rejects with an errno error, ETIMEDOUT when that takes too long. */
export async function dialTcp(
  host: string,
  port: number,
  timeoutMs: number,
): Promise<{ readonly socket: Socket; readonly peer: string }> {
  const result = Promise.withResolvers<void>();
  const socket = connect({ host, port });
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error(`connect ETIMEDOUT ${host}:${port}`), { code: "ETIMEDOUT" }));
  }, timeoutMs);
  socket.once("connect", () => result.resolve());
  socket.on("error", (error) => result.reject(error));
  try {
    await result.promise;
  } finally {
    clearTimeout(timer);
  }
  return { socket, peer: `${host}:${port}` };
}
