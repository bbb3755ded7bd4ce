import type { Slot } from "./schedule.ts";

/** The bytes of one request as latin1 text: head and, for POST, a small JSON body that carries the token. */
export function requestText(slot: Slot, token: string): string {
  const head =
    `${slot.method} ${slot.target.path} HTTP/1.1\r\nHost: ${slot.target.hostHeader}\r\n` +
    `User-Agent: seaworthy-load/0.1\r\nAccept: */*\r\nx-seaworthy-token: ${token}\r\n` +
    (slot.client === "new-connection" ? "Connection: close\r\n" : "");
  if (slot.method === "GET") return `${head}\r\n`;
  const body = `{"token":"${token}","from":"seaworthy-load"}`;
  return `${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}
