import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import type { Scheme } from "./drain-app.ts";
import { http2Client } from "./http2-client.ts";

/** The address of a candidate, and the authority that its certificate is checked against. */
export interface Target {
  readonly scheme: Scheme;
  readonly port: number;
  readonly ca: string;
}

/** One client with one connection at a time, which never asks twice for the same request. */
export interface DrainClient {
  /** Rejects unless the whole answer came, with status 200. Gives its body. */
  ask(path: string): Promise<string>;
  /** Whether the next request would need a new connection: the server said so, or has closed. */
  readonly mustReconnect: boolean;
  close(): void;
}

/** Makes a client that connects with its first request. */
export function connectClient(target: Target): DrainClient {
  return target.scheme === "h2" || target.scheme === "h2c" ? http2Client(target) : http1Client(target);
}

function http1Client({ scheme, port, ca }: Target): DrainClient {
  const { Agent, request } = scheme === "https" ? https : http;
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 1,
    ...(scheme === "https" ? { ca, servername: "localhost" } : {}),
  });
  let told = false;
  let last: IncomingMessage["socket"] | undefined;
  return {
    async ask(path) {
      const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
      request({ host: "127.0.0.1", port, path, agent }, resolve).on("error", reject).end();
      const response = await promise;
      last = response.socket;
      told = response.headers.connection === "close";
      const body = (await response.setEncoding("utf8").toArray()).join("");
      if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
      return body;
    },
    get mustReconnect() {
      return told || last?.destroyed === true;
    },
    close: () => agent.destroy(),
  };
}
