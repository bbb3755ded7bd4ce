import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from "node:crypto";
import {
  certificateAuthorityOf,
  createCertificateAuthority,
  type CertificateAuthority,
  type KeyPair,
} from "@seaworthy/certificates";
import type { UserInfo } from "@seaworthy/client";
import { authenticatedGroup } from "./users.ts";
import { apiServerAddress, apiServerNames } from "../../api-server-address.ts";

/** How an API server, its administrator and its users know each other. */
export interface Credentials {
  /** Signs the certificates of the server and of its clients. */
  readonly authority: CertificateAuthority;
  readonly server: KeyPair;
  readonly administrator: KeyPair;
  /** The administrator's bearer token. */
  readonly token: string;
  /** Who has the administrator's token. Its certificate says the same. */
  readonly administratorUser: UserInfo;
  /** Signs the tokens of ServiceAccounts. */
  readonly tokenKey: KeyObject;
  /** What all of them are made of, to be kept. */
  readonly secrets: Secrets;
  /** Whether it is the administrator's token. */
  accepts(token: string): boolean;
}

/** What credentials are made of, in PEM but for the token. Who has it may do everything in the cluster. */
export interface Secrets {
  readonly authority: KeyPair;
  readonly server: KeyPair;
  readonly administrator: KeyPair;
  readonly token: string;
  readonly tokenKey: string;
}

const hourMs = 3_600_000;
/** As long as kubeadm makes them last. */
const lifetimeMs = 365 * 24 * hourMs;
const administratorName = "seaworthy-admin";
const administratorGroup = "system:masters";

/** Makes a certificate authority, the certificates of the server and of the administrator, a token, and a key for tokens. */
export function createCredentials(nowMs: number): Credentials {
  const authority = createCertificateAuthority("seaworthy", {
    // Programs whose clock is a little behind trust it as well.
    notBefore: new Date(nowMs - hourMs),
    notAfter: new Date(nowMs + lifetimeMs),
  });
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return credentialsOf({
    authority: authority.keyPair,
    server: authority.issue({
      commonName: "kube-apiserver",
      usage: "server",
      dnsNames: ["localhost", "kubernetes", ...apiServerNames],
      ipAddresses: ["127.0.0.1", "::1", apiServerAddress],
    }),
    administrator: authority.issue({
      commonName: administratorName,
      organization: administratorGroup,
      usage: "client",
    }),
    token: randomBytes(32).toString("base64url"),
    tokenKey: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  });
}

/** Credentials that were made before. */
export function credentialsOf(secrets: Secrets): Credentials {
  const { authority, server, administrator, token, tokenKey } = secrets;
  const expected = digest(token);
  return {
    secrets,
    authority: certificateAuthorityOf(authority),
    server,
    administrator,
    token,
    administratorUser: {
      username: administratorName,
      groups: [administratorGroup, authenticatedGroup],
    },
    tokenKey: createPrivateKey(tokenKey),
    // Digests have one length, so the comparison takes one time, whatever was sent.
    accepts: (sent) => timingSafeEqual(digest(sent), expected),
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
