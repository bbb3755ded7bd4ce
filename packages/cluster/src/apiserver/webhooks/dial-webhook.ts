import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { ApiContext } from "../api-context.ts";
import { secureConnection } from "../http/secure-connection.ts";
import { dialError, dialService } from "../services/dial-service.ts";
import { defaultPort, urlOf, type ClientConfig } from "./client-config.ts";

/**
 * Opens a TLS connection to a webhook and checks who answers: by the authorities of its configuration, and by the name
 * that it has there. A Service is reached at one of its ready pods.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/util/webhook/client.go
 */
export async function dialWebhook(
  context: ApiContext,
  config: ClientConfig,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const { service, caBundle } = config;
  const url = urlOf(config);
  const socket =
    service === undefined
      ? await dialUrl(url, signal)
      : await dialService(context, { port: defaultPort, ...service });
  return await secureConnection(socket, { host: hostOf(url), caBundle }, signal);
}

async function dialUrl(url: URL, signal: AbortSignal): Promise<Socket> {
  const host = hostOf(url);
  const port = url.port === "" ? defaultPort : Number(url.port);
  const socket = connect({ host, port, signal });
  try {
    await once(socket, "connect", { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    const { address = host, code } = error as NodeJS.ErrnoException & { readonly address?: string };
    if (code === "ENOTFOUND") throw new Error(`dial tcp: lookup ${host}: no such host`, { cause: error });
    throw dialError(error, address, port);
  }
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}
