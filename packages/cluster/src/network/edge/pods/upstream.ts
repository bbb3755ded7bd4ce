import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { connect as connectTls } from "node:tls";
import type { PodProtocol } from "../edge-route.ts";
import type { ProxyBehavior, UpstreamFailureKind } from "../proxy-behavior.ts";
import { createHttp1Upstream } from "./http1-upstream.ts";
import { createHttp2Upstream } from "./http2-upstream.ts";

/** A request as a pod is to get it. */
export interface UpstreamRequest {
  readonly ip: string;
  readonly port: number;
  readonly method: string;
  readonly target: string;
  /** Names and values in turn, as in `rawHeaders`. */
  readonly headers: readonly string[];
  /** Read whole (and so sendable again), flowing, or none. */
  readonly body: Buffer | Readable | undefined;
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  /** Called as soon as there is a request, so that it can be ended from outside. */
  readonly onStart: (request: Endable) => void;
}

/** A request that can be ended. */
export interface Endable {
  destroy(error?: Error): unknown;
}

/** A pod's answer. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly reason: string | undefined;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
  /** The whole of it where it came with the head; else to be read. */
  readonly body: Readable | Buffer;
  /** Fields after the body, known at its end. */
  readonly trailers?: () => readonly string[];
}

/** What came of one try. */
export type UpstreamResult =
  | { readonly kind: "answered"; readonly answer: UpstreamAnswer }
  | {
      readonly kind: "failed";
      readonly failure: UpstreamFailureKind;
      readonly code: string | undefined;
      /** Whether a connection was there, so that bytes may have reached the pod. */
      readonly sent: boolean;
      /** Whether that connection had carried a request before. */
      readonly reused: boolean;
    };

/** One worker's connections to pods. */
export interface Upstream extends Disposable {
  try(request: UpstreamRequest): Promise<UpstreamResult>;
}

/** Opens a connection to a pod; rejects with an errno error. */
export type Dial = (ip: string, port: number, timeoutMs: number) => Promise<Socket>;

/** One worker's pools of connections, one for each protocol that pods can speak. */
export function createUpstreams(
  pool: ProxyBehavior["pool"],
  dial: Dial,
): Readonly<Record<PodProtocol, Upstream>> & Disposable {
  const http = createHttp1Upstream(pool, dial);
  const https = createHttp1Upstream(pool, dialSecurely(dial));
  const h2c = createHttp2Upstream(pool, dial);
  return {
    http,
    https,
    h2c,
    [Symbol.dispose]() {
      for (const each of [http, https, h2c]) each[Symbol.dispose]();
    },
  };
}

/** Opens connections in TLS. Certificates of pods are not looked at, as with `proxy_ssl_verify off`, nginx's default. */
export function dialSecurely(dial: Dial): Dial {
  return async (ip, port, timeoutMs) => {
    const socket = await dial(ip, port, timeoutMs);
    const secure = connectTls({ socket, rejectUnauthorized: false });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    secure.once("secureConnect", resolve).once("error", reject).once("close", reject);
    const timer = setTimeout(
      () => secure.destroy(Object.assign(new Error("no TLS"), { code: "ETIMEDOUT" })),
      timeoutMs,
    );
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
    return secure;
  };
}
