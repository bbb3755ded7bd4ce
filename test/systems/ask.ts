import { once } from "node:events";
import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

/** An answer over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What a request is besides its URL. */
export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The certificates that are trusted. */
  readonly ca?: string;
}

/** Asks a URL, on a connection of its own. The Host header is also the name for TLS. */
export async function ask(
  url: string,
  { method = "GET", headers = {}, body, ca }: Asking = {},
): Promise<HttpAnswer> {
  const secure = url.startsWith("https:");
  const name = headers["host"]?.split(":")[0];
  const sent = (secure ? requestHttps : requestHttp)(url, {
    method,
    headers,
    agent: false,
    ...(secure ? { ca, ...(name === undefined ? {} : { servername: name }) } : {}),
  }).end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const text = (await response.setEncoding("utf8").toArray()).join("");
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

/** Looks again and again until there is something, or until nobody would wait any longer. */
export async function until<T>(look: () => Promise<T | undefined>, forMs = 30_000): Promise<T> {
  const end = performance.now() + forMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`nothing after ${forMs} ms of ${String(look)}`);
    await sleep(100);
  }
}
