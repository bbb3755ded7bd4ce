import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import {
  formatKey,
  makeCertificate,
  nameOf,
  type AlternativeNames,
  type KeyPair,
  type Subject,
  type Validity,
} from "./certificate.ts";
import { expectTag, readDer, readSequence } from "./read-der.ts";
import type { SigningRequest } from "./signing-request.ts";

/** Whom to name in a certificate, and what it is for. */
export interface CertificateRequest extends Subject {
  readonly usage: "server" | "client";
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
}

/** Signs certificates. */
export interface CertificateAuthority {
  /** Its own certificate, in PEM: what a client must be told to trust. */
  readonly cert: string;
  /** That certificate and its key, to be kept. Who has them can make himself anybody. */
  readonly keyPair: KeyPair;
  /** From when until when its certificate is good; none that it signs is good for longer. */
  readonly validity: Validity;
  /** Makes a key on P-256 and a certificate for it that is good for as long as the authority's own. */
  issue(request: CertificateRequest): KeyPair;
  /** Makes a certificate for somebody's own key, in PEM. `usages` are words of Kubernetes; throws `TypeError` for others. */
  sign(request: SigningRequest, options: Validity & { readonly usages: readonly string[] }): string;
}

/** Makes a certificate authority with a new key on P-256. */
export function createCertificateAuthority(commonName: string, validity: Validity): CertificateAuthority {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = nameOf({ commonName });
  const cert = makeCertificate(
    { ...validity, issuer: name, subject: name, names: {}, isAuthority: true, usages: ["cert sign"] },
    { subject: privateKey, issuer: privateKey },
  );
  return certificateAuthorityOf({ cert, key: formatKey(privateKey) });
}

/** The certificate authority that has this certificate and key. */
export function certificateAuthorityOf(keyPair: KeyPair): CertificateAuthority {
  const { raw, validFromDate: notBefore, validToDate: notAfter } = new X509Certificate(keyPair.cert);
  const authorityKey = createPrivateKey(keyPair.key);
  const validity = { notBefore, notAfter };
  const common = { issuer: subjectOf(raw), ...validity, isAuthority: false };
  return {
    cert: keyPair.cert,
    keyPair,
    validity,
    issue({ usage, dnsNames = [], ipAddresses = [], ...subject }) {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const names: AlternativeNames = { dnsNames, ipAddresses };
      const cert = makeCertificate(
        { ...common, subject: nameOf(subject), names, usages: ["digital signature", `${usage} auth`] },
        { subject: privateKey, issuer: authorityKey },
      );
      return { cert, key: formatKey(privateKey) };
    },
    sign({ subject, names, publicKey }, { notBefore: from, notAfter: until, usages }) {
      const end = until < notAfter ? until : notAfter;
      return makeCertificate(
        { ...common, subject, names, usages, notBefore: from, notAfter: end },
        { subject: publicKey, issuer: authorityKey },
      );
    },
  };
}

/** The name in a certificate, byte by byte as it is there: the sixth part of what is signed (RFC 5280, 4.1). */
function subjectOf(certificate: Buffer): Buffer {
  const [signed] = readSequence(readDer(certificate));
  return expectTag(readSequence(signed)[5], 0x30).bytes;
}
