import { createHash, createPublicKey, randomBytes, sign, type KeyObject } from "node:crypto";
import { der } from "./der.ts";
import { keyUsages } from "./key-usages.ts";

/** A certificate and the private key of its subject, both in PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** From when until when a certificate is good. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Whom a certificate names, and what may be done with its key. */
export interface CertificateContent extends Validity {
  /** A name in DER, as `nameOf` makes it. */
  readonly subject: Buffer;
  readonly issuer: Buffer;
  readonly names: AlternativeNames;
  /** An authority signs certificates of others. */
  readonly isAuthority: boolean;
  /** What the key is for, in the words of Kubernetes' CertificateSigningRequests. */
  readonly usages: readonly string[];
}

/** The names and addresses for which a certificate may be used, beside its subject. */
export interface AlternativeNames {
  readonly dnsNames?: readonly string[];
  /** IPv4 and IPv6 addresses. */
  readonly ipAddresses?: readonly string[];
  readonly emailAddresses?: readonly string[];
  readonly uris?: readonly string[];
}

/** A name as Kubernetes reads it: the common name is the user, each organization a group. */
export interface Subject {
  readonly commonName: string;
  readonly organization?: string;
}

const ecdsaWithSha256 = der.sequence(der.objectIdentifier("1.2.840.10045.4.3.2"));

/** Makes an X.509 v3 certificate (RFC 5280, 4.1) for the subject's key on P-256, signed by the issuer's. In PEM. */
export function makeCertificate(
  content: CertificateContent,
  keys: { readonly subject: KeyObject; readonly issuer: KeyObject },
): string {
  const publicKey = keyInfo(keys.subject);
  const toBeSigned = der.sequence(
    der.explicit(0, der.integer(Buffer.of(2))),
    der.integer(randomBytes(16)),
    ecdsaWithSha256,
    content.issuer,
    der.sequence(der.time(content.notBefore), der.time(content.notAfter)),
    content.subject,
    publicKey,
    der.explicit(3, der.sequence(...extensionsOf(content, keyId(publicKey), keyId(keyInfo(keys.issuer))))),
  );
  const signature = sign("sha256", toBeSigned, keys.issuer);
  return pem("CERTIFICATE", der.sequence(toBeSigned, ecdsaWithSha256, der.bitString(signature)));
}

/** A private key as PKCS #8 in PEM. */
export function formatKey(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }) as string;
}

/** The distinguished name of a subject, in DER. */
export function nameOf({ commonName, organization }: Subject): Buffer {
  const parts = organization === undefined ? [] : [attribute("2.5.4.10", organization)];
  return der.sequence(...parts, attribute("2.5.4.3", commonName));
}

function attribute(type: string, value: string): Buffer {
  return der.setOf(der.sequence(der.objectIdentifier(type), der.utf8String(value)));
}

/** RFC 5280, 4.2.1. */
function extensionsOf(content: CertificateContent, subjectKeyId: Buffer, issuerKeyId: Buffer): Buffer[] {
  const { isAuthority, names } = content;
  const { bits, purposes } = keyUsages(content.usages);
  const extensions = [
    extension("2.5.29.19", der.sequence(...(isAuthority ? [der.boolean(true)] : [])), true),
  ];
  if (bits.length > 0) extensions.push(extension("2.5.29.15", bitsOf(bits), true));
  extensions.push(
    extension("2.5.29.14", der.octetString(subjectKeyId)),
    extension("2.5.29.35", der.sequence(der.implicit(0, issuerKeyId))),
  );
  if (purposes.length > 0)
    extensions.push(extension("2.5.29.37", der.sequence(...purposes.map((id) => der.objectIdentifier(id)))));
  const alternatives = alternativeNames(names);
  if (alternatives.length > 0) extensions.push(extension("2.5.29.17", der.sequence(...alternatives)));
  return extensions;
}

/** RFC 5280, 4.2.1.6. */
function alternativeNames(names: AlternativeNames): Buffer[] {
  const texts = (number: number, values: readonly string[] = []) =>
    values.map((value) => der.implicit(number, Buffer.from(value, "ascii")));
  return [
    ...texts(2, names.dnsNames),
    ...texts(1, names.emailAddresses),
    ...(names.ipAddresses ?? []).map((address) => der.implicit(7, addressBytes(address))),
    ...texts(6, names.uris),
  ];
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return der.sequence(
    der.objectIdentifier(id),
    ...(critical ? [der.boolean(true)] : []),
    der.octetString(value),
  );
}

/** A bit string without zeros at its end, in which bit 0 is the highest bit of the first byte. */
function bitsOf(set: readonly number[]): Buffer {
  const last = Math.max(...set);
  const bytes = Buffer.alloc((last >> 3) + 1);
  for (const bit of set) bytes[bit >> 3]! |= 0x80 >> (bit & 7);
  return der.bitString(bytes, 7 - (last & 7));
}

/** 4 bytes of an IPv4 address, 16 of an IPv6 address; a URL writes the latter without `::` and embedded IPv4 first. */
function addressBytes(address: string): Buffer {
  if (!address.includes(":")) return Buffer.from(address.split(".").map(Number));
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":").map((text) => parseInt(text, 16)));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const words = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(words.flatMap((word) => [word >> 8, word & 0xff]));
}

function keyInfo(key: KeyObject): Buffer {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  return publicKey.export({ type: "spki", format: "der" });
}

/** Any value that differs between keys will do (RFC 5280, 4.2.1.2). */
function keyId(publicKeyInfo: Buffer): Buffer {
  return createHash("sha256").update(publicKeyInfo).digest().subarray(0, 20);
}

function pem(label: string, content: Buffer): string {
  const lines = content.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
