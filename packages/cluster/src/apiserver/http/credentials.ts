import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createCertificateAuthority, type KeyPair } from "@seaworthy/certificates";

/** How an API server and its administrator know each other. */
export interface Credentials extends Secrets {
  /** Whether a value of the Authorization header carries the token. */
  accepts(authorization: string | undefined): boolean;
}

/** What credentials are made of. Who has it may do everything in the cluster. */
export interface Secrets {
  /** PEM of the certificate authority. Its key is nowhere but in memory, and is forgotten once these are made. */
  readonly ca: string;
  readonly server: KeyPair;
  readonly administrator: KeyPair;
  /** The administrator's bearer token. */
  readonly token: string;
}

const hourMs = 3_600_000;
/** As long as kubeadm makes them last. */
const lifetimeMs = 365 * 24 * hourMs;

/** Makes a certificate authority, the certificates of the server and of the administrator, and a token. */
export function createCredentials(nowMs: number): Credentials {
  const authority = createCertificateAuthority("seaworthy", {
    // Programs whose clock is a little behind trust it as well.
    notBefore: new Date(nowMs - hourMs),
    notAfter: new Date(nowMs + lifetimeMs),
  });
  return credentialsOf({
    ca: authority.cert,
    server: authority.issue({
      commonName: "kube-apiserver",
      usage: "server",
      dnsNames: ["localhost"],
      ipAddresses: ["127.0.0.1", "::1"],
    }),
    administrator: authority.issue({
      commonName: "seaworthy-admin",
      organization: "system:masters",
      usage: "client",
    }),
    token: randomBytes(32).toString("base64url"),
  });
}

/** Credentials that were made before. */
export function credentialsOf(secrets: Secrets): Credentials {
  const expected = digest(secrets.token);
  return {
    ...secrets,
    accepts(authorization) {
      const sent = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
      // Digests have one length, so the comparison takes one time, whatever was sent.
      return sent !== undefined && timingSafeEqual(digest(sent), expected);
    },
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
