import { generateKeyPairSync } from "node:crypto";
import {
  formatKey,
  makeCertificate,
  nameOf,
  type AlternativeNames,
  type KeyPair,
  type Subject,
  type Validity,
} from "./certificate.ts";
import type { SigningRequest } from "./signing-request.ts";

/** Whom to name in a certificate, and what it is for. */
export interface CertificateRequest extends Subject {
  readonly usage: "server" | "client";
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
}

/** Signs certificates. Its private key is in memory only, and nobody can get at it. */
export interface CertificateAuthority {
  /** Its own certificate, in PEM: what a client must be told to trust. */
  readonly cert: string;
  /** From when until when its certificate is good; none that it signs is good for longer. */
  readonly validity: Validity;
  /** Makes a key on P-256 and a certificate for it that is good for as long as the authority's own. */
  issue(request: CertificateRequest): KeyPair;
  /** Makes a certificate for somebody's own key, in PEM. `usages` are words of Kubernetes; throws `TypeError` for others. */
  sign(request: SigningRequest, options: Validity & { readonly usages: readonly string[] }): string;
}

/** Makes a certificate authority with a new key on P-256. */
export function createCertificateAuthority(commonName: string, validity: Validity): CertificateAuthority {
  const { privateKey: authorityKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = nameOf({ commonName });
  const common = { issuer, ...validity, isAuthority: false };
  return {
    validity,
    cert: makeCertificate(
      { ...common, subject: issuer, names: {}, isAuthority: true, usages: ["cert sign"] },
      { subject: authorityKey, issuer: authorityKey },
    ),
    issue({ usage, dnsNames = [], ipAddresses = [], ...subject }) {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const names: AlternativeNames = { dnsNames, ipAddresses };
      const cert = makeCertificate(
        { ...common, subject: nameOf(subject), names, usages: ["digital signature", `${usage} auth`] },
        { subject: privateKey, issuer: authorityKey },
      );
      return { cert, key: formatKey(privateKey) };
    },
    sign({ subject, names, publicKey }, { notBefore, notAfter, usages }) {
      const end = notAfter < validity.notAfter ? notAfter : validity.notAfter;
      return makeCertificate(
        { ...common, subject, names, usages, notBefore, notAfter: end },
        { subject: publicKey, issuer: authorityKey },
      );
    },
  };
}
