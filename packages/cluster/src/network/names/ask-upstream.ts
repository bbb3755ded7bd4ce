import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { AskUpstream } from "./answer-query.ts";

const timeoutMs = 2000;

/** Makes queries go to the name servers that /etc/resolv.conf of this machine names, one after the other (resolv.conf(5)). */
export function createUpstream(resolvConf = "/etc/resolv.conf"): AskUpstream {
  return async (query) => {
    for (const server of nameServers(resolvConf)) {
      const answer = await askOnce(query, server);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
}

function nameServers(file: string): string[] {
  try {
    return [...readFileSync(file, "utf8").matchAll(/^\s*nameserver\s+(\S+)/gm)]
      .flatMap(([, server = ""]) => (isIP(server) === 0 ? [] : [server]))
      .slice(0, 3);
  } catch {
    return [];
  }
}

/** Asks over UDP from a port of its own, so that only the answer of that server to that query is taken. */
function askOnce(query: Buffer, server: string): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIP(server) === 6 ? "udp6" : "udp4");
    const end = (answer: Buffer | undefined) => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => end(undefined), timeoutMs);
    socket.once("error", () => end(undefined));
    socket.on("message", (answer) => {
      if (answer.length >= 12 && answer.readUInt16BE(0) === query.readUInt16BE(0)) end(answer);
    });
    socket.connect(53, server, () => socket.send(query));
  });
}
