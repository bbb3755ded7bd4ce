import { once } from "node:events";
import { isIP, type Socket } from "node:net";
import { connect as startTls, type ConnectionOptions, type TLSSocket } from "node:tls";

/** Whom a connection is to lead to, and how both sides show who they are. */
export interface Peer extends Pick<ConnectionOptions, "cert" | "key" | "rejectUnauthorized"> {
  /** The name or address that its certificate is for. */
  readonly host: string;
  /** PEM in base64 of the authorities that may have signed it; the machine's own when absent. */
  readonly caBundle?: string | undefined;
}

/** Begins TLS on a connection, which it closes when the other side is not who it should be. That is told in the words of Go. */
export async function secureConnection(
  socket: Socket,
  { host, caBundle, ...pair }: Peer,
  signal: AbortSignal,
): Promise<TLSSocket> {
  // What comes before somebody listens is told by what he waits for.
  socket.on("error", () => {});
  try {
    const secured = startTls({
      ...pair,
      socket,
      host,
      ALPNProtocols: ["http/1.1"],
      allowPartialTrustChain: true,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(caBundle === undefined ? {} : { ca: Buffer.from(caBundle, "base64") }),
    });
    await once(secured, "secureConnect", { signal });
    return secured;
  } catch (error) {
    socket.destroy();
    throw new Error(goTlsError(error, host), { cause: error });
  }
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
