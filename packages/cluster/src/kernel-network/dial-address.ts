import { connect, type Socket } from "node:net";
import { errno } from "./start-agent.ts";

/** Opens a TCP connection from this process. Rejects with an errno error, with `ETIMEDOUT` after `timeoutMs`. */
export function dialAddress(host: string, port: number, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(errno("ETIMEDOUT"));
    }, timeoutMs);
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    socket.once("error", fail);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", fail);
      resolve(socket);
    });
  });
}
