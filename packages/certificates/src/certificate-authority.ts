import { generateKeyPairSync } from "node:crypto";
import { formatKey, makeCertificate, type KeyPair, type Subject, type Validity } from "./certificate.ts";

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
  /** Makes a key on P-256 and a certificate for it that is good for as long as the authority's own. */
  issue(request: CertificateRequest): KeyPair;
}

/** Makes a certificate authority with a new key on P-256. */
export function createCertificateAuthority(commonName: string, validity: Validity): CertificateAuthority {
  const { privateKey: authorityKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { notBefore, notAfter } = validity;
  const issuer = { commonName };
  const common = { issuer, notBefore, notAfter };
  return {
    cert: makeCertificate(
      { ...common, subject: issuer, dnsNames: [], ipAddresses: [], usages: ["authority"] },
      { subject: authorityKey, issuer: authorityKey },
    ),
    issue({ usage, dnsNames = [], ipAddresses = [], ...subject }) {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const cert = makeCertificate(
        { ...common, subject, dnsNames, ipAddresses, usages: [usage] },
        { subject: privateKey, issuer: authorityKey },
      );
      return { cert, key: formatKey(privateKey) };
    },
  };
}
