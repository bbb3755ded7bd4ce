/**
 * Values in the Distinguished Encoding Rules of ASN.1 (ITU-T X.690): a tag, a length, the content.
 * Only what a certificate needs, and only writing: `readDer` reads requests, and node:crypto certificates.
 */
export const der = {
  boolean: (value: boolean): Buffer => encode(0x01, Buffer.of(value ? 0xff : 0x00)),
  /** A number that is not negative, most significant byte first. */
  integer: (bytes: Buffer): Buffer => encode(0x02, unsigned(bytes)),
  bitString: (bytes: Buffer, unusedBits = 0): Buffer => encode(0x03, Buffer.of(unusedBits), bytes),
  octetString: (bytes: Buffer): Buffer => encode(0x04, bytes),
  /** From its dotted form, for example `2.5.29.17`. */
  objectIdentifier: (dotted: string): Buffer => encode(0x06, ...objectIdentifierParts(dotted)),
  utf8String: (text: string): Buffer => encode(0x0c, Buffer.from(text)),
  sequence: (...parts: readonly Buffer[]): Buffer => encode(0x30, ...parts),
  /** A set of one: several would have to be sorted. */
  setOf: (only: Buffer): Buffer => encode(0x31, only),
  /** A moment to the second: UTCTime until 2049, GeneralizedTime from 2050 on (RFC 5280, 4.1.2.5). */
  time(date: Date): Buffer {
    const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, "");
    return date.getUTCFullYear() < 2050
      ? encode(0x17, Buffer.from(digits.slice(2)))
      : encode(0x18, Buffer.from(digits));
  },
  /** `[number] EXPLICIT`: the value with its own tag inside. */
  explicit: (number: number, value: Buffer): Buffer => encode(0xa0 | number, value),
  /** `[number] IMPLICIT` of a primitive type: the number in place of the type's tag. */
  implicit: (number: number, content: Buffer): Buffer => encode(0x80 | number, content),
};

function encode(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), lengthOf(content), content]);
}

/** X.690, 8.1.3: one byte below 128, else the count of the bytes that follow, with the high bit set. */
function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const bytes = bigEndian(length, 0x100);
  return Buffer.of(0x80 | bytes.length, ...bytes);
}

/** The shortest form whose high bit is not set, for that would make it negative. */
function unsigned(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const shortest = first === -1 ? Buffer.of(0) : bytes.subarray(first);
  return shortest[0]! < 0x80 ? shortest : Buffer.concat([Buffer.of(0), shortest]);
}

/** X.690, 8.19: the first two arcs share a byte; each arc is written in digits of base 128, all but the last marked. */
function objectIdentifierParts(dotted: string): Buffer[] {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return [first * 40 + second, ...rest].map((arc) => {
    const digits = bigEndian(arc, 0x80);
    return Buffer.from(digits.map((digit, index) => (index < digits.length - 1 ? digit | 0x80 : digit)));
  });
}

/** The digits of a whole number, most significant first; one digit for 0. */
function bigEndian(number: number, base: number): number[] {
  const digits = [number % base];
  for (let rest = Math.floor(number / base); rest > 0; rest = Math.floor(rest / base))
    digits.unshift(rest % base);
  return digits;
}
