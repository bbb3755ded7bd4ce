import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { der } from "../der.ts";

/** A key on P-256 and a request for a certificate of it (PKCS #10, RFC 2986), both in PEM. */
export function makeSigningRequest(
  commonName: string,
  organizations: readonly string[] = [],
): { readonly key: string; readonly request: string } {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const attribute = (type: string, value: string) =>
    der.setOf(der.sequence(der.objectIdentifier(type), der.utf8String(value)));
  const subject = der.sequence(
    ...organizations.map((organization) => attribute("2.5.4.10", organization)),
    attribute("2.5.4.3", commonName),
  );
  const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const noAttributes = Buffer.of(0xa0, 0x00);
  const info = der.sequence(der.integer(Buffer.of(0)), subject, publicKey, noAttributes);
  const algorithm = der.sequence(der.objectIdentifier("1.2.840.10045.4.3.2"));
  const whole = der.sequence(info, algorithm, der.bitString(sign("sha256", info, privateKey)));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    request: `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join("\n")}\n-----END CERTIFICATE REQUEST-----\n`,
  };
}
