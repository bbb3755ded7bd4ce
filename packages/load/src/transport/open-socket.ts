import { connect, type Socket } from "node:net";
import tls from "node:tls";
import type { TlsSettings } from "../plan/plan.ts";

/** Takes the bytes that a socket has read. The next read overwrites them. */
export type OnBytes = (bytes: Uint8Array, length: number) => void;

/** Opens a socket whose bytes go to `onBytes`. */
export type Opening = (onBytes: OnBytes) => Socket;

/** The address to connect to, and the local address to connect from. */
export type SocketAddress =
  | {
      readonly host: string;
      readonly port: number;
      readonly family: 0 | 4 | 6;
      readonly localAddress?: string | undefined;
    }
  | { readonly path: string };

/**
 * All sockets of a process read into one buffer: Node calls back for each read before it reads the next, and `data` events would
 * allocate a buffer for each.
 */
const buffer = new Uint8Array(65_536);

/** An opening of a TCP or Unix socket, over TLS when there are settings for it. */
export function openingTo(address: SocketAddress, secure: SecureSettings | undefined): Opening {
  return (onBytes) => {
    const options = {
      ...address,
      noDelay: true,
      // Otherwise Node would try the next address of a name by itself, which would be a retry that nobody sees.
      autoSelectFamily: false,
      onread: {
        buffer,
        callback(length: number): boolean {
          onBytes(buffer, length);
          return true;
        },
      },
    };
    return secure === undefined ? connect(options) : tls.connect({ ...options, ...secure });
  };
}

/** An opening that hands over a socket which somebody else has connected. */
export function openingOf(socket: Socket): Opening {
  return (onBytes) => {
    socket.setNoDelay(true);
    return socket.on("data", (chunk: Buffer) => onBytes(chunk, chunk.length));
  };
}

/** The settings for `tls.connect`. */
export type SecureSettings = Pick<
  tls.ConnectionOptions,
  "servername" | "secureContext" | "rejectUnauthorized" | "ALPNProtocols" | "checkServerIdentity"
>;

/** Reads certificates and keys once for all connections of a target. Throws OpenSSL's error when they cannot be read. */
export function secureSettings(
  { serverName, ca, cert, key, insecure = false }: TlsSettings,
  host: string,
  protocol: "http/1.1" | "h2",
): SecureSettings {
  const name = serverName ?? host;
  return {
    // RFC 6066, section 3: addresses are no server names. Node still compares the certificate with them.
    ...(isAddress(name) ? {} : { servername: name }),
    secureContext: tls.createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    }),
    rejectUnauthorized: !insecure,
    ALPNProtocols: [protocol],
    checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(name, certificate),
  };
}

function isAddress(name: string): boolean {
  return name.includes(":") || /^\d+\.\d+\.\d+\.\d+$/.test(name);
}
