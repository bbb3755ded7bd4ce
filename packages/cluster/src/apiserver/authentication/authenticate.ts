import { X509Certificate } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import type { UserInfo } from "@seaworthy/client";
import { unauthorized } from "../http/status-error.ts";
import { anonymous, authenticatedGroup } from "./users.ts";
import type { VerifyToken } from "./verify-token.ts";

/**
 * Who sends a request, by what its head and its connection show. Throws 401 for credentials that are not good; who shows
 * none is anonymous. It looks at the head only, so it serves plain requests and WebSocket upgrades alike.
 */
export type Authenticate = (message: IncomingMessage) => UserInfo;

/** Makes the authentication of an API server: by client certificate, else by bearer token. */
export function createAuthentication(verifyToken: VerifyToken, now: () => number): Authenticate {
  // A connection keeps its certificate, and reading it takes longer than a request.
  const certificates = new WeakMap<TLSSocket, CertificateUser | "none" | "bad">();

  function certificateOf(socket: TLSSocket): CertificateUser | "none" | "bad" {
    const known = certificates.get(socket) ?? readCertificate(socket);
    certificates.set(socket, known);
    return typeof known === "object" && now() > known.validToMs ? "bad" : known;
  }

  return ({ socket, headers }) => {
    const certificate = socket instanceof TLSSocket ? certificateOf(socket) : "none";
    if (typeof certificate === "object") return certificate.user;
    const token = bearerToken(headers.authorization);
    if (token !== undefined) {
      try {
        return verifyToken(token).user;
      } catch {
        // Why, is told to nobody who may be guessing.
        throw unauthorized();
      }
    }
    if (certificate === "bad") throw unauthorized();
    return anonymous;
  };
}

/** Headers of another scheme say nothing here, as with the real one. */
function bearerToken(authorization = ""): string | undefined {
  const [scheme = "", token = ""] = authorization.split(" ", 2);
  return scheme.toLowerCase() === "bearer" && token !== "" ? token : undefined;
}

interface CertificateUser {
  readonly user: UserInfo;
  readonly validToMs: number;
}

/**
 * The user is the common name, the groups are the organizations. TLS has checked that our authority signed the
 * certificate, and for a client.
 * https://github.com/kubernetes/apiserver/blob/master/pkg/authentication/request/x509/x509.go (CommonNameUserConversion)
 */
function readCertificate(socket: TLSSocket): CertificateUser | "none" | "bad" {
  const { subject, raw } = socket.getPeerCertificate() as { subject?: unknown; raw?: Buffer };
  if (raw === undefined) return "none";
  const { CN, O } = (subject ?? {}) as Readonly<Record<"CN" | "O", string | string[] | undefined>>;
  const username = [CN ?? []].flat().at(-1) ?? "";
  if (!socket.authorized || username === "") return "bad";
  const { fingerprint256, validToDate } = new X509Certificate(raw);
  const hash = fingerprint256.replaceAll(":", "").toLowerCase();
  return {
    user: {
      username,
      groups: [...new Set([...[O ?? []].flat(), authenticatedGroup])],
      extra: { "authentication.kubernetes.io/credential-id": [`X509SHA256=${hash}`] },
    },
    validToMs: validToDate.getTime(),
  };
}
