import { connect, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import type { ProxyBehavior } from "../proxy-behavior.ts";
import { namedHeaders } from "../requests/named-headers.ts";
import type { Dial, Upstream, UpstreamRequest, UpstreamResult } from "./upstream.ts";

/** Makes one worker's connections that speak HTTP/2 with prior knowledge (gRPC): one to each pod, for all requests at once. */
export function createHttp2Upstream(pool: ProxyBehavior["pool"], dial: Dial): Upstream {
  const sessions = new Map<string, ClientHttp2Session>();
  async function sessionTo({ ip, port, connectTimeoutMs }: UpstreamRequest): Promise<ClientHttp2Session> {
    const key = `${ip}:${port}`;
    const known = sessions.get(key);
    if (known !== undefined && !known.closed && !known.destroyed) return known;
    const socket = await dial(ip, port, connectTimeoutMs);
    socket.setNoDelay(true);
    const session = connect(`http://${key}`, { createConnection: () => socket });
    sessions.set(key, session);
    const forget = () => {
      if (sessions.get(key) === session) sessions.delete(key);
    };
    // After GOAWAY a session takes nothing new, and ends when its last answer has come.
    session.once("goaway", forget).once("close", forget);
    session.on("error", forget);
    session.setTimeout(Math.min(pool.idleMs, 2_147_483_647), () => session.close());
    return session;
  }
  return {
    async try(wanted) {
      const isReused = sessions.has(`${wanted.ip}:${wanted.port}`);
      let session: ClientHttp2Session;
      try {
        session = await sessionTo(wanted);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        const failure = code === "ETIMEDOUT" ? "connect-timeout" : "connect-failed";
        return { kind: "failed", failure, code, sent: false, reused: false };
      }
      return await exchangeOver(session, wanted, isReused);
    },
    [Symbol.dispose]() {
      for (const session of sessions.values()) session.destroy();
    },
  };
}

function exchangeOver(
  session: ClientHttp2Session,
  { method, target, headers, body, readTimeoutMs, onStart }: UpstreamRequest,
  isReused: boolean,
): Promise<UpstreamResult> {
  const { promise, resolve } = Promise.withResolvers<UpstreamResult>();
  const { host, "transfer-encoding": _, ...fields } = namedHeaders(headers);
  let stream: ClientHttp2Stream;
  try {
    stream = session.request(
      { ...fields, ":method": method, ":path": target, ":scheme": "http", ":authority": String(host ?? "") },
      { endStream: body === undefined },
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const failure = "closed-before-headers";
    return Promise.resolve({ kind: "failed", failure, code, sent: false, reused: isReused });
  }
  let trailers: readonly string[] = [];
  let hasTimedOut = false;
  // With an error, or a body that broke off would look like a whole one.
  onStart({ destroy: (error) => stream.destroy(error ?? new Error("the client has gone")) });
  stream.setTimeout(Math.min(readTimeoutMs, 2_147_483_647), () => {
    hasTimedOut = true;
    stream.destroy(new Error("the pod was silent for too long"));
  });
  stream.once("trailers", (_named, _flags, raw?: string[]) => {
    trailers = raw ?? [];
  });
  stream.once("response", ({ ":status": status = 502 }, _flags, raw?: string[]) => {
    const rawHeaders = withoutPseudo(raw ?? []);
    const answer = { status, reason: undefined, rawHeaders, body: stream, trailers: () => trailers };
    resolve({ kind: "answered", answer });
  });
  let code: string | undefined;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    code = error.code;
  });
  stream.once("close", () => {
    const failure = hasTimedOut ? "read-timeout" : "closed-before-headers";
    resolve({ kind: "failed", failure, code, sent: true, reused: isReused });
  });
  if (Buffer.isBuffer(body)) stream.end(body);
  else body?.pipe(stream);
  return promise;
}

function withoutPseudo(raw: readonly string[]): string[] {
  return raw.filter((_, index) => !(raw[index - (index % 2)] ?? "").startsWith(":"));
}
