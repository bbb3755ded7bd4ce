/** Gives numbers from 0 up to, but not including, 1, as `Math.random` does. */
export type Random = () => number;

/** Reused for every id: each is written and read at once. */
const bytes = Buffer.alloc(16);
const traceIdBytes = 16;
const spanIdBytes = 8;

/** The place and length of the position in a trace id: the upper 48 of the rightmost 56 bits. */
const positionStart = 9;
const positionBytes = 6;
const positions = 2 ** 48;

/**
 * A new trace id: 32 lowercase hexadecimal digits, never all zero. `position`, from 0 to 1, becomes part of it, so that
 * every service that samples by trace id decides as the one did that drew `position`.
 */
export function newTraceId(random: Random, position: number = random()): string {
  bytes.writeUInt32BE(Math.floor(random() * 2 ** 32), 0);
  bytes.writeUInt32BE(Math.floor(random() * 2 ** 32), 4);
  bytes.writeUInt8(Math.floor(random() * 2 ** 8), 8);
  bytes.writeUIntBE(Math.floor(position * positions), positionStart, positionBytes);
  bytes.writeUInt8(Math.floor(random() * 2 ** 8), 15);
  return readId(traceIdBytes);
}

/** A new span id: 16 lowercase hexadecimal digits, never all zero. */
export function newSpanId(random: Random): string {
  bytes.writeUInt32BE(Math.floor(random() * 2 ** 32), 0);
  bytes.writeUInt32BE(Math.floor(random() * 2 ** 32), 4);
  return readId(spanIdBytes);
}

/**
 * The random number, from 0 to 1, that a trace id carries, in steps of 2^-48:
 * https://www.w3.org/TR/trace-context-2/#randomness-of-trace-id
 */
export function positionOf(traceId: string): number {
  const digits = traceId.slice(2 * positionStart, 2 * (positionStart + positionBytes));
  return Number.parseInt(digits, 16) / positions;
}

function readId(length: number): string {
  const id = bytes.toString("hex", 0, length);
  return /[^0]/.test(id) ? id : `${id.slice(1)}1`;
}
