import type { ReaderLimits } from "../http/body-reader.ts";
import { HeadCache } from "../http/head-cache.ts";
import { ResponseParser } from "../http/response-parser.ts";

/** All that a parser says of an answer. */
export interface AnswerReading {
  readonly done: boolean;
  readonly problem: string | undefined;
  readonly started: boolean;
  readonly status: number | undefined;
  readonly keepAlive: boolean | undefined;
  readonly headers: string | undefined;
  readonly bodyBytes: number;
  /** The kept part of the body, each byte as one character. */
  readonly body: string;
  readonly unread: number;
}

export interface ReadingOptions {
  readonly method?: string;
  /** Offsets at which the bytes are cut, in order. */
  readonly cuts?: readonly number[];
  readonly cache?: HeadCache;
  readonly limits?: ReaderLimits;
  /** A parser that has read other answers, in place of a new one with this cache and these limits. */
  readonly parser?: ResponseParser;
  readonly keepBody?: number;
}

/**
 * Reads an answer as a connection does: each piece from the same buffer, which is overwritten after it, and then the end of the
 * connection. Throws when the parser breaks its promises about offsets and fields.
 */
export function readAnswer(bytes: Uint8Array, options: ReadingOptions = {}): AnswerReading {
  const { method = "GET", cuts = [], cache = new HeadCache(), limits, keepBody = 200_000 } = options;
  const pieces: Buffer[] = [];
  const takePiece = (piece: Uint8Array, start: number, end: number) =>
    void pieces.push(Buffer.from(piece.subarray(start, end)));
  const { parser = new ResponseParser(cache, limits, takePiece) } = options;
  parser.begin(method, keepBody);
  let used = 0;
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    if (parser.done || parser.problem !== undefined) break;
    used += pushShared(parser, bytes.subarray(from, to));
    from = to;
  }
  parser.end();
  const { done, problem, started, head, bodyBytes, body } = parser;
  if (done && problem !== undefined) throw new Error("both done and failed");
  if (done && head === undefined) throw new Error("done without a head");
  if (body.length !== Math.min(bodyBytes, keepBody))
    throw new Error("the kept body is not what it should be");
  const told = Buffer.concat(pieces);
  if (options.parser === undefined && (told.length !== bodyBytes || !told.subarray(0, keepBody).equals(body)))
    throw new Error("the body that was told is not the one that came");
  return {
    done,
    problem,
    started,
    status: head?.status,
    keepAlive: head?.keepAlive,
    headers: head && [...head.headers].map(([name, value]) => `${name}: ${value}\n`).join(""),
    bodyBytes,
    body: body.toString("latin1"),
    unread: bytes.length - used,
  };
}

const shared = Buffer.alloc(262_144);
/** Where the piece begins in the buffer: not at 0, because a parser must not rely on that. */
const offset = 5;

function pushShared(parser: ResponseParser, piece: Uint8Array): number {
  const end = offset + piece.length;
  shared.set(piece, offset);
  const behind = parser.push(shared, offset, end);
  shared.fill(0x0a, offset, end);
  const isWhole = behind === end || parser.done || parser.problem !== undefined;
  const isForward = behind > offset || piece.length === 0;
  if (behind > end || !isWhole || !isForward) throw new Error(`push gave ${behind} of ${offset} to ${end}`);
  return behind - offset;
}
