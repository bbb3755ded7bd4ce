/** A value of DER: its tag, its content, and all of its bytes. */
export interface DerValue {
  readonly tag: number;
  readonly content: Buffer;
  /** Tag, length and content. */
  readonly bytes: Buffer;
}

/** Bytes that are not what they should be. */
export class DerError extends Error {
  override readonly name = "DerError";
}

/** Reads the one value that the bytes must be. */
export function readDer(bytes: Buffer): DerValue {
  const value = readValue(bytes, 0);
  if (value.bytes.length !== bytes.length) throw new DerError("trailing data");
  return value;
}

/** The values inside a sequence, a set or an explicit tag. */
export function readDerParts(content: Buffer): DerValue[] {
  const parts: DerValue[] = [];
  for (let at = 0; at < content.length; at += parts.at(-1)!.bytes.length) parts.push(readValue(content, at));
  return parts;
}

/** The parts of a sequence; throws when the value is something else. */
export function readSequence(value: DerValue | undefined): DerValue[] {
  return readDerParts(expectTag(value, 0x30).content);
}

/** The value, when it has this tag. */
export function expectTag(value: DerValue | undefined, tag: number): DerValue {
  if (value?.tag !== tag) throw new DerError(`tag ${tag} expected, ${value?.tag ?? "nothing"} found`);
  return value;
}

/** An object identifier in its dotted form. */
export function readObjectIdentifier(value: DerValue | undefined): string {
  const { content } = expectTag(value, 0x06);
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 0x80 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) throw new DerError("object identifier too large");
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [joined, ...rest] = arcs;
  if (joined === undefined || content.at(-1)! >= 0x80) throw new DerError("object identifier cut short");
  const first = Math.min(2, Math.floor(joined / 40));
  return [first, joined - first * 40, ...rest].join(".");
}

/** The bytes of a bit string, which must be whole bytes. */
export function readBitString(value: DerValue | undefined): Buffer {
  const { content } = expectTag(value, 0x03);
  if (content[0] !== 0) throw new DerError("bit string of broken bytes");
  return content.subarray(1);
}

/** A text, of whichever of the string types that names use. */
export function readText({ tag, content }: DerValue): string {
  switch (tag) {
    case 0x0c:
    case 0x12:
    case 0x13:
    case 0x16:
      return content.toString("utf8");
    case 0x14:
      return content.toString("latin1");
    case 0x1e:
      return Buffer.from(content).swap16().toString("utf16le");
    default:
      throw new DerError(`no string has the tag ${tag}`);
  }
}

/** X.690, 8.1: one byte of tag, then the length in its shortest form. */
function readValue(bytes: Buffer, at: number): DerValue {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) throw new DerError("data cut short");
  if ((tag & 0x1f) === 0x1f) throw new DerError("tags of several bytes are not used here");
  const { length, head } = first < 0x80 ? { length: first, head: 2 } : longLength(bytes, at, first);
  const end = at + head + length;
  if (end > bytes.length) throw new DerError("data cut short");
  return { tag, content: bytes.subarray(at + head, end), bytes: bytes.subarray(at, end) };
}

function longLength(bytes: Buffer, at: number, first: number): { length: number; head: number } {
  const count = first & 0x7f;
  // Four bytes are 4 GB, more than anything that is read here may have.
  if (count === 0 || count > 4 || at + 2 + count > bytes.length) throw new DerError("no such length");
  const length = bytes.readUIntBE(at + 2, count);
  const isShortest = length >= 0x80 && length >= 0x100 ** (count - 1);
  if (!isShortest) throw new DerError("length not in its shortest form");
  return { length, head: 2 + count };
}
