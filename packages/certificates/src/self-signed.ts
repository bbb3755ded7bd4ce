import { generateKeyPairSync, randomBytes } from "node:crypto";
import { formatKey, makeCertificate, nameOf, type KeyPair, type Validity } from "./certificate.ts";

const hourMs = 3_600_000;

/** A certificate for localhost that has signed itself, and its key. A client can be told to trust it. */
export function selfSigned({
  // Each has a name of its own, because OpenSSL looks for an authority by its name.
  commonName = `self-signed ${randomBytes(8).toString("hex")}`,
  notBefore = new Date(Date.now() - hourMs),
  notAfter = new Date(Date.now() + 30 * 24 * hourMs),
}: Partial<Validity> & { readonly commonName?: string } = {}): KeyPair {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const subject = nameOf({ commonName });
  const cert = makeCertificate(
    {
      subject,
      issuer: subject,
      notBefore,
      notAfter,
      names: { dnsNames: ["localhost"], ipAddresses: ["127.0.0.1"] },
      isAuthority: true,
      usages: ["digital signature", "cert sign", "server auth"],
    },
    { subject: privateKey, issuer: privateKey },
  );
  return { cert, key: formatKey(privateKey) };
}
