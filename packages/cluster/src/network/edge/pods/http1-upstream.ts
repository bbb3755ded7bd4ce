import type { Socket } from "node:net";
import { HeadCache } from "@seaworthy/load";
import type { ProxyBehavior } from "../proxy-behavior.ts";
import { PodConnection, type Flight } from "./pod-connection.ts";
import type { Dial, Upstream, UpstreamRequest, UpstreamResult } from "./upstream.ts";
import { writeRequest } from "./write-request.ts";

/**
 * Makes one worker's pool of connections that speak HTTP/1.1. A connection is forgotten the moment the pod closes it, the
 * youngest is used first (as nginx's keepalive module does), and a pod's `Keep-Alive: timeout` hint is not heeded: the
 * proxies do not either, and that is how a short keepAliveTimeout in a service loses requests.
 */
export function createHttp1Upstream(pool: ProxyBehavior["pool"], dial: Dial): Upstream {
  const connections = new ConnectionPool(pool);
  return {
    try: (wanted) => tryOnce(connections, dial, wanted),
    [Symbol.dispose]() {
      connections.destroy();
    },
  };
}

/** Rejects when the request cannot be written, for example because its target is unescaped. */
async function tryOnce(pool: ConnectionPool, dial: Dial, wanted: UpstreamRequest): Promise<UpstreamResult> {
  const { ip, port, readTimeoutMs } = wanted;
  const written = writeRequest(wanted);
  const { promise, resolve } = Promise.withResolvers<UpstreamResult>();
  const key = `${ip}:${port}`;
  let connection = pool.take(key);
  let isEnded = false;
  const reused = connection !== undefined;
  const notConnected = (code = "ECONNRESET") => {
    isEnded = true;
    const failure = code === "ETIMEDOUT" ? "connect-timeout" : "connect-failed";
    resolve({ kind: "failed", failure, code, sent: false, reused: false });
  };
  const flight: Flight = {
    ...written,
    readTimeoutMs,
    onAnswer: (answer) => resolve({ kind: "answered", answer }),
    onFailure(code, hasTimedOut) {
      const failure = hasTimedOut ? "read-timeout" : "closed-before-headers";
      resolve({ kind: "failed", failure, code, sent: true, reused });
    },
  };
  wanted.onStart({
    destroy(error?: NodeJS.ErrnoException) {
      if (connection === undefined) notConnected(error?.code);
      else connection.end(flight, error?.code);
    },
  });
  if (connection === undefined && !isEnded)
    try {
      const socket = await dial(ip, port, wanted.connectTimeoutMs);
      if (isEnded) socket.destroy();
      else connection = pool.add(key, socket);
    } catch (error) {
      notConnected((error as NodeJS.ErrnoException).code);
    }
  connection?.send(flight);
  return promise;
}

/** Connections to all pods, and which of them rest. */
class ConnectionPool {
  readonly #pool: ProxyBehavior["pool"];
  readonly #heads = new HeadCache();
  readonly #all = new Set<PodConnection>();
  readonly #resting = new Map<string, PodConnection[]>();
  #restingCount = 0;

  constructor(pool: ProxyBehavior["pool"]) {
    this.#pool = pool;
  }

  /** The connection that rested last. */
  take(key: string): PodConnection | undefined {
    const connection = this.#resting.get(key)?.pop();
    if (connection !== undefined) this.#restingCount -= 1;
    return connection;
  }

  add(key: string, socket: Socket): PodConnection {
    const connection = new PodConnection(socket, this.#heads, {
      freed: () => this.#rest(key, connection),
      closed: () => this.#forget(key, connection),
    });
    this.#all.add(connection);
    return connection;
  }

  destroy(): void {
    for (const connection of this.#all) connection.destroy();
  }

  #rest(key: string, connection: PodConnection): void {
    const { maxRequests, maxIdle, idleMs } = this.#pool;
    if (connection.answered >= maxRequests || this.#restingCount >= maxIdle) {
      connection.destroy();
      return;
    }
    this.#restingCount += 1;
    const others = this.#resting.get(key);
    if (others === undefined) this.#resting.set(key, [connection]);
    else others.push(connection);
    connection.rest(idleMs);
  }

  #forget(key: string, connection: PodConnection): void {
    this.#all.delete(connection);
    const resting = this.#resting.get(key) ?? [];
    const at = resting.indexOf(connection);
    if (at >= 0) {
      resting.splice(at, 1);
      this.#restingCount -= 1;
    }
    // Pods come and go, and their addresses are not used for long.
    if (resting.length === 0) this.#resting.delete(key);
  }
}
