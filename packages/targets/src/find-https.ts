import { setTimeout as sleep } from "node:timers/promises";
import type { Route } from "@seaworthy/app";
import type { TlsSettings } from "@seaworthy/load";
import { ask } from "./ask/ask.ts";
import { dialTcp } from "./dial-tcp.ts";
import { dialTls } from "./dial-tls.ts";
import { protocolOf, serverNameOf, type EdgeAddress } from "./edge-way.ts";

const timeoutMs = 5_000;
const pauseMs = 200;
/** What an edge answers that has not heard of the route yet: pods may be ready a moment before that. */
const notYet: ReadonlySet<number> = new Set([404, 502, 503, 504]);

/**
 * Where the load has to go when this address was given for a route. An edge that answers HTTP with a redirect to HTTPS says
 * nothing of the pods, so its HTTPS is taken. A certificate that this machine does not trust is taken, too, with a notice:
 * a trial is about lost requests, and all of them would fail in the same way.
 */
export async function findHttps(
  { host, port, isTls }: { readonly host: string; readonly port: number; readonly isTls: boolean },
  route: Route,
  onNotice: (text: string) => void,
): Promise<EdgeAddress> {
  const mayRedirect = route.hasTls === true && route.isGrpc !== true;
  const httpsPort = isTls ? port : mayRedirect ? await redirectedTo(host, port, route) : undefined;
  if (httpsPort === undefined) return { host, port };
  if (!isTls)
    onNotice(
      `${route.label}: http://${host}:${port} redirects to HTTPS, so the load goes to https://${host}:${httpsPort}`,
    );
  const tls = await trustAt(host, httpsPort, route);
  if (tls.insecure === true)
    onNotice(
      `${route.label}: the certificate at ${host}:${httpsPort} is not one that this machine trusts, and is not checked`,
    );
  return { host, port: httpsPort, tls };
}

/** The port of the HTTPS that an answer over HTTP sends to; undefined when it is no such answer. */
async function redirectedTo(host: string, port: number, route: Route): Promise<number | undefined> {
  const path = route.paths[0]?.path ?? "/";
  const open = async (ms: number) => (await dialTcp(host, port, ms)).socket;
  const until = performance.now() + timeoutMs;
  let answer = await ask(open, { method: "GET", path, hostHeader: route.hostHeader });
  while (answer.kind === "status" && notYet.has(answer.status) && performance.now() < until) {
    await sleep(pauseMs);
    answer = await ask(open, { method: "GET", path, hostHeader: route.hostHeader });
  }
  if (answer.kind !== "status" || answer.status < 300 || answer.status > 399) return undefined;
  const to = URL.parse(answer.location ?? "");
  return to?.protocol === "https:" ? Number(to.port || 443) : undefined;
}

/** Only where it helps is a certificate taken unseen: a server that is not there is found out later, as any other. */
async function trustAt(host: string, port: number, route: Route): Promise<TlsSettings> {
  const name = serverNameOf(route);
  if (await connects({ ...name })) return name;
  const insecure = { ...name, insecure: true };
  return (await connects(insecure)) ? insecure : name;

  async function connects(settings: TlsSettings): Promise<boolean> {
    try {
      const protocol = protocolOf(route);
      const { socket } = await dialTls(host, port, settings, { timeoutMs, protocol });
      socket.destroy();
      return true;
    } catch {
      return false;
    }
  }
}
