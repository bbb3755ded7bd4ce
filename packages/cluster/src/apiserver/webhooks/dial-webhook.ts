import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { connect as startTls, type ConnectionOptions, type TLSSocket } from "node:tls";
import type { Service } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { goNetworkError } from "../http/go-network-error.ts";
import { choosePlace, readyEndpoints } from "../services/ready-endpoints.ts";
import { defaultPort, urlOf, type ClientConfig } from "./client-config.ts";

/** How long a server may take to accept a connection, when whoever waits for its answer would wait longer. */
const dialTimeoutMs = 30_000;

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
  const socket =
    config.service === undefined
      ? await dialUrl(urlOf(config), signal)
      : await dialService(context, config.service);
  // What comes before somebody listens is told by what he waits for.
  socket.on("error", () => {});
  const { hostname } = urlOf(config);
  const host = hostname.replace(/^\[|\]$/g, "");
  const options: ConnectionOptions = {
    socket,
    host,
    ALPNProtocols: ["http/1.1"],
    allowPartialTrustChain: true,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(config.caBundle === undefined ? {} : { ca: Buffer.from(config.caBundle, "base64") }),
  };
  try {
    const secured = startTls(options);
    await once(secured, "secureConnect", { signal });
    return secured;
  } catch (error) {
    socket.destroy();
    throw new Error(goTlsError(error, host), { cause: error });
  }
}

async function dialUrl({ hostname, port }: URL, signal: AbortSignal): Promise<Socket> {
  const host = hostname.replace(/^\[|\]$/g, "");
  const number = port === "" ? defaultPort : Number(port);
  const socket = connect({ host, port: number, signal });
  try {
    await once(socket, "connect", { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    const { address = host, code } = error as NodeJS.ErrnoException & { readonly address?: string };
    if (code === "ENOTFOUND") throw new Error(`dial tcp: lookup ${host}: no such host`, { cause: error });
    throw dialError(error, address, number);
  }
}

async function dialService(
  context: ApiContext,
  { name, namespace, port = defaultPort }: NonNullable<ClientConfig["service"]>,
): Promise<Socket> {
  const stored = context.store.get("/services", `${namespace}/${name}`);
  if (stored === undefined) throw new Error(`service ${JSON.stringify(name)} not found`);
  const { spec } = stored.object as Service;
  if (spec.clusterIP === "None") throw new Error(`cannot route to service with ClusterIP "None"`);
  const servicePort = (spec.ports ?? []).find((each) => each.port === port);
  if (servicePort === undefined)
    throw new Error(`no service port ${port} found for service ${JSON.stringify(name)}`);
  const place = choosePlace(context, readyEndpoints(context, namespace, name), servicePort.name ?? "");
  const refused = Object.assign(new Error("no endpoints"), { code: "ECONNREFUSED" });
  if (place === undefined) throw dialError(refused, spec.clusterIP ?? "", port);
  try {
    return await context.network.dial(place.ip, Number(place.port), dialTimeoutMs);
  } catch (error) {
    throw dialError(error, spec.clusterIP ?? place.ip, port);
  }
}

function dialError(error: unknown, ip: string, port: number): Error {
  const place = ip.includes(":") ? `[${ip}]` : ip;
  return new Error(`dial tcp ${place}:${port}: ${goNetworkError(error)}`, { cause: error });
}

/** https://github.com/golang/go/blob/go1.25.0/src/crypto/x509/verify.go */
function goTlsError(error: unknown, host: string): string {
  const {
    code = "",
    message,
    cert,
  } = error as NodeJS.ErrnoException & {
    readonly cert?: { readonly subjectaltname?: string };
  };
  const verified = "tls: failed to verify certificate: x509:";
  if (unknownAuthority.has(code)) return `${verified} certificate signed by unknown authority`;
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID")
    return `${verified} certificate has expired or is not yet valid`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const names = (cert?.subjectaltname ?? "").replaceAll(/(?:DNS|IP Address):/g, "");
    return names === ""
      ? `${verified} certificate is not valid for any names, but wanted to match ${host}`
      : `${verified} certificate is valid for ${names}, not ${host}`;
  }
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "ERR_SSL_PACKET_LENGTH_TOO_LONG")
    return "http: server gave HTTP response to HTTPS client";
  return code === "ECONNRESET" ? "EOF" : message;
}

const unknownAuthority: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);
