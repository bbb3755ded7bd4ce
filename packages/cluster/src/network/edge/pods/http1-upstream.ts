import { Agent, request as httpRequest, type RequestOptions } from "node:http";
import type { Socket } from "node:net";
import type { Duplex, Readable } from "node:stream";
import type { ProxyBehavior, UpstreamFailureKind } from "../proxy-behavior.ts";
import type { Dial, Upstream, UpstreamRequest, UpstreamResult } from "./upstream.ts";

/** Makes one worker's pool of connections that speak HTTP/1.1. */
export function createHttp1Upstream(pool: ProxyBehavior["pool"], dial: Dial): Upstream {
  const agent = new PoolAgent(pool, dial);
  return {
    try: (request) => tryOnce(agent, request),
    [Symbol.dispose]() {
      agent.destroy();
    },
  };
}

function tryOnce(agent: PoolAgent, wanted: UpstreamRequest): Promise<UpstreamResult> {
  const { promise, resolve } = Promise.withResolvers<UpstreamResult>();
  let sent = false;
  let timedOut = false;
  // The agent gets these options too, and so knows how long connecting may take.
  const options: RequestOptions & { connectTimeoutMs: number } = {
    agent,
    host: wanted.ip,
    port: wanted.port,
    method: wanted.method,
    path: wanted.target,
    headers: wanted.headers,
    setHost: false,
    timeout: wanted.readTimeoutMs,
    connectTimeoutMs: wanted.connectTimeoutMs,
  };
  const upstream = httpRequest(options);
  wanted.onStart(upstream);
  upstream.once("socket", () => {
    sent = true;
    // Not before: a flowing body must be whole if another pod has to be tried because this one cannot be connected.
    if (isStream(wanted.body)) wanted.body.pipe(upstream);
  });
  upstream.on("timeout", () => {
    timedOut = true;
    upstream.destroy(Object.assign(new Error("the pod was silent for too long"), { code: "ETIMEDOUT" }));
  });
  upstream.once("response", (response) => {
    const { statusCode: status = 502, statusMessage: reason, rawHeaders } = response;
    resolve({ kind: "answered", answer: { status, reason, rawHeaders, body: response } });
  });
  // Stays after the answer has begun: the response stream then tells of errors, and this one must not be unhandled.
  upstream.on("error", (error: NodeJS.ErrnoException) => {
    if (isStream(wanted.body)) wanted.body.unpipe(upstream);
    const failure = failureKind(error.code, sent, timedOut);
    resolve({ kind: "failed", failure, code: error.code, sent, reused: upstream.reusedSocket });
  });
  if (!isStream(wanted.body)) upstream.end(wanted.body);
  return promise;
}

function failureKind(code: string | undefined, sent: boolean, timedOut: boolean): UpstreamFailureKind {
  if (timedOut) return "read-timeout";
  if (sent) return "closed-before-headers";
  return code === "ETIMEDOUT" ? "connect-timeout" : "connect-failed";
}

function isStream(body: UpstreamRequest["body"]): body is Readable {
  return body !== undefined && !Buffer.isBuffer(body);
}

/**
 * A keep-alive pool that forgets a connection the moment the pod closes it, reuses the youngest first (as nginx's
 * keepalive module does), and, unlike Node's own agent, does not heed a pod's `Keep-Alive: timeout` hint: the proxies
 * do not either, and that is how a short keepAliveTimeout in a service loses requests.
 */
class PoolAgent extends Agent {
  readonly #pool: ProxyBehavior["pool"];
  readonly #dial: Dial;
  readonly #used = new WeakMap<Duplex, number>();

  constructor(pool: ProxyBehavior["pool"], dial: Dial) {
    super({ keepAlive: true, scheduling: "lifo", maxFreeSockets: Math.min(pool.maxIdle, 1_000_000) });
    this.#pool = pool;
    this.#dial = dial;
  }

  override createConnection(options: ConnectOptions, callback?: ConnectCallback): undefined {
    void this.#connect(options, callback ?? (() => {}));
  }

  async #connect(options: ConnectOptions, callback: ConnectCallback): Promise<void> {
    let socket: Socket;
    try {
      socket = await this.#dial(options.host ?? "", Number(options.port), options.connectTimeoutMs ?? 5000);
    } catch (error) {
      callback(error as Error, undefined as unknown as Duplex);
      return;
    }
    socket.setNoDelay(true);
    callback(null, socket);
  }

  override keepSocketAlive(stream: Duplex): boolean {
    const socket = stream as Socket;
    const used = (this.#used.get(socket) ?? 0) + 1;
    this.#used.set(socket, used);
    if (used >= this.#pool.maxRequests || this.#idleCount() >= this.#pool.maxIdle) return false;
    socket.setTimeout(this.#pool.idleMs);
    return true;
  }

  #idleCount(): number {
    let count = 0;
    for (const sockets of Object.values(this.freeSockets)) count += sockets?.length ?? 0;
    return count;
  }
}

interface ConnectOptions {
  readonly host?: string | null | undefined;
  readonly port?: number | string | null | undefined;
  readonly connectTimeoutMs?: number;
}

type ConnectCallback = (error: Error | null, stream: Duplex) => void;
