import { createPublicKey, verify, type KeyObject } from "node:crypto";
import type { AlternativeNames } from "./certificate.ts";
import {
  DerError,
  readBitString,
  readDer,
  readDerParts,
  readObjectIdentifier,
  readSequence,
  readText,
  type DerValue,
} from "./read-der.ts";

/** What somebody asks an authority to certify, and has proven to hold the key of. */
export interface SigningRequest {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** The whole name, as it was sent. */
  readonly subject: Buffer;
  readonly names: AlternativeNames;
  readonly publicKey: KeyObject;
}

/** A text that is no certificate signing request, or one that its key did not sign. */
export class SigningRequestError extends Error {
  override readonly name = "SigningRequestError";
}

/**
 * Reads a PKCS #10 request (RFC 2986) in PEM and checks its signature.
 * Throws a `SigningRequestError` in the words of Kubernetes, as far as they are promised.
 */
export function readSigningRequest(pem: string): SigningRequest {
  const content = /-----BEGIN CERTIFICATE REQUEST-----([\s\S]*?)-----END CERTIFICATE REQUEST-----/.exec(
    pem,
  )?.[1];
  if (content === undefined) throw new SigningRequestError("PEM block type must be CERTIFICATE REQUEST");
  try {
    return readRequest(readDer(Buffer.from(content, "base64")));
  } catch (error) {
    if (error instanceof SigningRequestError) throw error;
    // What is wrong inside, Go tells in the words of its own ASN.1 reader.
    const why = error instanceof DerError ? error.message : "malformed certificate request";
    throw new SigningRequestError(`asn1: structure error: ${why}`, { cause: error });
  }
}

function readRequest(whole: DerValue): SigningRequest {
  const [info, algorithm, signature] = readSequence(whole);
  const [, subject, publicKeyInfo, attributes] = readSequence(info);
  if (info === undefined || subject === undefined || publicKeyInfo === undefined)
    throw new DerError("parts are missing");
  const publicKey = createPublicKey({ key: publicKeyInfo.bytes, format: "der", type: "spki" });
  checkSignature(readObjectIdentifier(readSequence(algorithm)[0]), info, readBitString(signature), publicKey);
  const { commonName, organizations } = readName(subject);
  const names = readNames(extensionsOf(attributes).get("2.5.29.17"));
  return { commonName, organizations, subject: subject.bytes, names, publicKey };
}

/** The hash of each signature algorithm; Ed25519 has none of its own to choose. */
const hashes: ReadonlyMap<string, string | null> = new Map([
  ["1.2.840.113549.1.1.11", "sha256"],
  ["1.2.840.113549.1.1.12", "sha384"],
  ["1.2.840.113549.1.1.13", "sha512"],
  ["1.2.840.10045.4.3.2", "sha256"],
  ["1.2.840.10045.4.3.3", "sha384"],
  ["1.2.840.10045.4.3.4", "sha512"],
  ["1.3.101.112", null],
]);

function checkSignature(algorithm: string, signed: DerValue, signature: Buffer, key: KeyObject): void {
  const hash = hashes.get(algorithm);
  if (hash === undefined)
    throw new SigningRequestError("x509: cannot verify signature: algorithm unimplemented");
  if (!verify(hash, signed.bytes, key, signature))
    throw new SigningRequestError(
      key.asymmetricKeyType === "rsa" ? "crypto/rsa: verification error" : "x509: ECDSA verification failure",
    );
}

/** The common name is the last that is named, as in Go. */
function readName(name: DerValue): { commonName: string; organizations: string[] } {
  let commonName = "";
  const organizations: string[] = [];
  for (const set of readSequence(name)) {
    for (const attribute of readDerParts(set.content)) {
      const [type, value] = readSequence(attribute);
      if (value === undefined) throw new DerError("a name without a value");
      const id = readObjectIdentifier(type);
      if (id === "2.5.4.3") commonName = readText(value);
      if (id === "2.5.4.10") organizations.push(readText(value));
    }
  }
  return { commonName, organizations };
}

/** The extensions that the requester wishes for (RFC 2985, 5.4.2), by their object identifiers. */
function extensionsOf(attributes: DerValue | undefined): Map<string, Buffer> {
  const extensions = new Map<string, Buffer>();
  for (const attribute of attributes === undefined ? [] : readDerParts(attributes.content)) {
    const [type, values] = readSequence(attribute);
    if (readObjectIdentifier(type) !== "1.2.840.113549.1.9.14" || values === undefined) continue;
    for (const extension of readDerParts(values.content).flatMap(readSequence)) {
      const parts = readSequence(extension);
      extensions.set(readObjectIdentifier(parts[0]), parts.at(-1)?.content ?? Buffer.alloc(0));
    }
  }
  return extensions;
}

/** RFC 5280, 4.2.1.6: each kind of name has its number as a tag. */
function readNames(extension: Buffer | undefined): AlternativeNames {
  const names = extension === undefined ? [] : readSequence(readDer(extension));
  const texts = (tag: number) =>
    names.filter((name) => name.tag === tag).map(({ content }) => content.toString("ascii"));
  return {
    emailAddresses: texts(0x81),
    dnsNames: texts(0x82),
    uris: texts(0x86),
    ipAddresses: names.filter(({ tag }) => tag === 0x87).map(({ content }) => formatAddress(content)),
  };
}

function formatAddress(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.length !== 16) throw new DerError(`an IP address has no ${bytes.length} bytes`);
  const words = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return new URL(`http://[${words.join(":")}]`).hostname.slice(1, -1);
}
