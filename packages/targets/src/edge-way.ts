import type { Route } from "@seaworthy/app";
import type { TlsSettings } from "@seaworthy/load";
import { isIP } from "node:net";
import { dialTcp } from "./dial-tcp.ts";
import { dialTls } from "./dial-tls.ts";
import type { Way } from "./way.ts";

/** Where an edge listens, and whether in TLS. */
export interface EdgeAddress {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsSettings | undefined;
}

/** The way along a route by a TCP address. */
export function wayBy(
  { host, port, tls }: EdgeAddress,
  route: Route,
  more: Pick<Way, "isEdge" | "isOpaque">,
): Way {
  return {
    route,
    via: { kind: "tcp", host, port },
    ...(tls === undefined ? {} : { tls }),
    ...more,
    dial: (timeoutMs) =>
      tls === undefined
        ? dialTcp(host, port, timeoutMs)
        : dialTls(host, port, tls, { timeoutMs, protocol: protocolOf(route) }),
  };
}

/** What is spoken along a route. */
export function protocolOf({ isGrpc }: Route): "http/1.1" | "h2" {
  return isGrpc === true ? "h2" : "http/1.1";
}

/** The name that a client of the route asks for in the handshake (SNI); none for an address. */
export function serverNameOf({ hostHeader }: Route): Pick<TlsSettings, "serverName"> {
  const name = hostHeader.replace(/:\d+$/, "");
  return isIP(name) === 0 ? { serverName: name } : {};
}
