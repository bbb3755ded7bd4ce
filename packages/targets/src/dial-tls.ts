import type { Socket } from "node:net";
import { connect } from "node:tls";
import { secureSettings, type TlsSettings } from "@seaworthy/load";
import { dialTcp } from "./dial-tcp.ts";

/** Opens a connection in TLS, as the load does for a target with these settings. Rejects with an error that has a code. */
export async function dialTls(
  host: string,
  port: number,
  settings: TlsSettings,
  { timeoutMs, protocol }: { readonly timeoutMs: number; readonly protocol: "http/1.1" | "h2" },
): Promise<{ readonly socket: Socket; readonly peer: string }> {
  const { socket, peer } = await dialTcp(host, port, timeoutMs);
  const result = Promise.withResolvers<void>();
  const secure = connect({ ...secureSettings(settings, host, protocol), socket });
  const timer = setTimeout(() => {
    secure.destroy(Object.assign(new Error(`TLS ETIMEDOUT ${peer}`), { code: "ETIMEDOUT" }));
  }, timeoutMs);
  secure.once("secureConnect", () => result.resolve());
  secure.on("error", (error) => result.reject(error));
  try {
    await result.promise;
  } finally {
    clearTimeout(timer);
  }
  return { socket: secure, peer };
}
