import type { Agent, IncomingMessage, RequestOptions } from "node:http";
import { SeaworthyError } from "@seaworthy/errors";
import type { ApiRequest, ApiResponse, Transport } from "./transport.ts";

/** How to reach an API server over HTTP or HTTPS. */
export interface HttpConnection {
  /** For example `https://10.0.0.1:6443`, with a path prefix if there is one. */
  readonly server: string;
  /** PEM of the authorities that may sign the server's certificate. */
  readonly ca?: string;
  /** PEM of the client's certificate. */
  readonly cert?: string;
  /** PEM of the client's key. */
  readonly key?: string;
  /** A bearer token, or where to get a fresh one. */
  readonly token?: string | (() => Promise<string>);
  /** Accept any server certificate. */
  readonly insecure?: boolean;
  /** The name in the server's certificate when it is not the host of `server`. */
  readonly serverName?: string;
}

/** A transport over node:http or node:https with kept-alive connections. */
export function httpTransport(connection: HttpConnection): Transport {
  let carrier: Promise<Carrier> | undefined;
  return async (request) => {
    carrier ??= openCarrier(connection);
    const headers = { ...request.headers };
    const token = typeof connection.token === "function" ? await connection.token() : connection.token;
    if (token !== undefined) headers["authorization"] = `Bearer ${token}`;
    return exchange(await carrier, connection, { ...request, headers }, true);
  };
}

interface Carrier {
  readonly send: (url: URL, options: RequestOptions) => import("node:http").ClientRequest;
  readonly agent: Agent;
  readonly base: URL;
}

const answerTimeoutMs = 60_000;

async function openCarrier(connection: HttpConnection): Promise<Carrier> {
  const base = new URL(connection.server);
  if (base.protocol === "http:") {
    // A bundle gives a module that is loaded late by its default only.
    const { default: http } = await import("node:http");
    return {
      send: (url, options) => http.request(url, options),
      agent: new http.Agent({ keepAlive: true }),
      base,
    };
  }
  const { default: https } = await import("node:https");
  const agent = new https.Agent({
    keepAlive: true,
    rejectUnauthorized: connection.insecure !== true,
    ...(connection.ca === undefined ? {} : { ca: connection.ca }),
    ...(connection.cert === undefined ? {} : { cert: connection.cert }),
    ...(connection.key === undefined ? {} : { key: connection.key }),
    ...(connection.serverName === undefined ? {} : { servername: connection.serverName }),
  });
  return { send: (url, options) => https.request(url, options), agent, base };
}

async function exchange(
  carrier: Carrier,
  connection: HttpConnection,
  request: ApiRequest,
  mayRepeat: boolean,
): Promise<ApiResponse> {
  const url = new URL(carrier.base.href.replace(/\/$/, "") + request.path);
  url.search = request.query.toString();
  const streams = request.query.has("watch") || request.query.get("follow") === "true";
  const sent = carrier.send(url, {
    method: request.method,
    headers: {
      ...request.headers,
      ...(request.body === undefined ? {} : { "content-length": byteLength(request.body) }),
    },
    agent: carrier.agent,
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
  try {
    const message = await answerOf(sent, request.body, streams);
    message.setEncoding("utf8");
    const headers = plainHeaders(message);
    const status = message.statusCode ?? 0;
    const text = message as AsyncIterable<string>;
    return { status, headers, body: streams && status < 300 ? text : await gather(text) };
  } catch (error) {
    if (request.signal?.aborted === true) throw error;
    // A kept-alive connection may have been closed by the server at the moment of reuse: then nothing was done.
    const stale = sent.reusedSocket && (error as NodeJS.ErrnoException).code === "ECONNRESET";
    if (stale && mayRepeat && request.method === "GET") return exchange(carrier, connection, request, false);
    throw unreachable(connection, error);
  }
}

function answerOf(
  sent: import("node:http").ClientRequest,
  body: ApiRequest["body"],
  streams: boolean,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  sent.once("response", (message) => {
    if (streams) sent.setTimeout(0);
    resolve(message);
  });
  sent.on("error", reject);
  sent.setTimeout(answerTimeoutMs, () =>
    sent.destroy(new Error(`no answer within ${answerTimeoutMs / 1000} s`)),
  );
  sent.end(body);
  return promise;
}

async function gather(chunks: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const chunk of chunks) text += chunk;
  return text;
}

function plainHeaders(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}

function byteLength(body: string | Uint8Array): number {
  return typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
}

function unreachable(connection: HttpConnection, cause: unknown): SeaworthyError {
  const reason =
    cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : String(cause);
  return new SeaworthyError("SW3002", `${connection.server} cannot be reached: ${reason}`, {
    next: ["check that the cluster is up: kubectl version", "name another context: --context NAME"],
    cause,
  });
}
