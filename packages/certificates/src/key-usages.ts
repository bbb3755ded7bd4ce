/** What a key may be used for, in the words of Kubernetes' CertificateSigningRequests, as X.509 writes it. */
export interface KeyUsages {
  /** The bits of the extension KeyUsage, bit 0 first (RFC 5280, 4.2.1.3). */
  readonly bits: readonly number[];
  /** The object identifiers of the extension ExtendedKeyUsage (RFC 5280, 4.2.1.12). */
  readonly purposes: readonly string[];
}

/** Every word that Kubernetes knows, in the order in which it lists them. */
export const knownUsages = (): string[] => [...bitsOf.keys(), ...purposesOf.keys()].sort();

/** Translates words of Kubernetes. Throws a `TypeError` when one is not known. */
export function keyUsages(words: readonly string[]): KeyUsages {
  const unknown = words.filter((word) => !bitsOf.has(word) && !purposesOf.has(word));
  if (unknown.length > 0)
    throw new TypeError(
      `unrecognized usage values: [${unknown.map((word) => JSON.stringify(word)).join(" ")}]`,
    );
  const found = <T>(table: ReadonlyMap<string, T>) =>
    new Set(words.flatMap((word) => table.get(word) ?? []) as T[]);
  return {
    bits: [...found(bitsOf)].sort((left, right) => left - right),
    purposes: [...purposesOf.values()].filter(
      (id, index, all) => found(purposesOf).has(id) && all.indexOf(id) === index,
    ),
  };
}

const bitsOf: ReadonlyMap<string, number> = new Map([
  ["signing", 0],
  ["digital signature", 0],
  ["content commitment", 1],
  ["key encipherment", 2],
  ["data encipherment", 3],
  ["key agreement", 4],
  ["cert sign", 5],
  ["crl sign", 6],
  ["encipher only", 7],
  ["decipher only", 8],
]);

const purposesOf: ReadonlyMap<string, string> = new Map([
  ["any", "2.5.29.37.0"],
  ["server auth", "1.3.6.1.5.5.7.3.1"],
  ["client auth", "1.3.6.1.5.5.7.3.2"],
  ["code signing", "1.3.6.1.5.5.7.3.3"],
  ["email protection", "1.3.6.1.5.5.7.3.4"],
  ["s/mime", "1.3.6.1.5.5.7.3.4"],
  ["ipsec end system", "1.3.6.1.5.5.7.3.5"],
  ["ipsec tunnel", "1.3.6.1.5.5.7.3.6"],
  ["ipsec user", "1.3.6.1.5.5.7.3.7"],
  ["timestamping", "1.3.6.1.5.5.7.3.8"],
  ["ocsp signing", "1.3.6.1.5.5.7.3.9"],
  ["microsoft sgc", "1.3.6.1.4.1.311.10.3.3"],
  ["netscape sgc", "2.16.840.1.113730.4.1"],
]);
