/**
 * Feeds the parser of answers with mutated answers, and checks with each: no exception, progress with every push, an end in a bounded
 * number of steps, never both done and failed, the same result in one piece and in pieces, with known heads and without, from a new
 * parser and from one that has read all answers before, bounded memory.
 *
 * usage: node bench/parser-fuzz.ts [ITERATIONS=1000000] [SEED]
 */
import { isDeepStrictEqual } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { HeadCache } from "../packages/load/src/http/head-cache.ts";
import type { ReaderLimits } from "../packages/load/src/http/body-reader.ts";
import { ResponseParser } from "../packages/load/src/http/response-parser.ts";
import { hostileAnswers } from "../packages/load/src/testing/hostile-answers.ts";
import {
  type AnswerReading,
  type ReadingOptions,
  readAnswer,
} from "../packages/load/src/testing/read-answer.ts";

const iterations = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 32));
/** Most mutants are small, so that many can be read; the large entries of the corpus stay within what limits are about. */
const sizeLimit = 100_000;
/** What the heap may grow by from the first tenth of the iterations to the end. */
const growthLimit = 16 * 2 ** 20;
/** So many are read under one time limit, which is what ends a parser that hangs. */
const batchSize = 10_000;
const batchTimeoutMs = 120_000;

const corpus = hostileAnswers.map(({ bytes }) => Buffer.from(bytes, "latin1"));
/** Without mutation the parser takes these, so that mutants of them fail late. */
const good = hostileAnswers
  .filter(
    ({ expected, bytes }) => typeof expected === "object" && "status" in expected && bytes.length <= 1_000,
  )
  .map(({ bytes }) => Buffer.from(bytes, "latin1"));
const small = corpus.filter((bytes) => bytes.length <= 1_000);
const narrow: ReaderLimits = { headBytes: 120, chunkLineBytes: 8 };
const words = [
  "\r\n",
  "\n",
  "\r",
  "\r\n\r\n",
  "0\r\n\r\n",
  ":",
  ";",
  ",",
  " ",
  "\t",
  "\0",
  "\xa0",
  '"',
  "HTTP/1.1 200 OK\r\n",
  "HTTP/1.1 100 \r\n\r\n",
  "Content-Length: ",
  "Transfer-Encoding: ",
];
const lines = [
  "X-Request-Id: 1\r\n",
  "Connection: close\r\n",
  "Connection: keep-alive\r\n",
  "Content-Length: 0\r\n",
  "Transfer-Encoding: chunked\r\n",
  "1;a=b\r\nc\r\n",
  "0\r\n",
  "\r\n",
];
const numbers = [
  "0",
  "-1",
  "+1",
  "00",
  "1e9",
  "0x10",
  "ffffffff",
  "fffffffffffff",
  "4294967296",
  "9007199254740993",
  "18446744073709551616",
  "9".repeat(60),
];

/** They have read all answers so far, and share what they know of heads. */
interface OldParsers {
  readonly cache: HeadCache;
  readonly wide: ResponseParser;
  readonly narrow: ResponseParser;
}

type Random = (below: number) => number;

const mutations: readonly ((bytes: Buffer, random: Random) => Buffer)[] = [
  // A bit is flipped.
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) {
      const at = random(copy.length);
      copy[at] = (copy[at] as number) ^ (1 << random(8));
    }
    return copy;
  },
  // A byte is another one.
  (bytes, random) => spliced(bytes, random(bytes.length + 1), 1, Buffer.of(random(256))),
  (bytes, random) => spliced(bytes, random(bytes.length + 1), 0, Buffer.from(pick(words, random), "latin1")),
  (bytes, random) => spliced(bytes, random(bytes.length + 1), random(20), Buffer.alloc(0)),
  // A part is said twice.
  (bytes, random) => {
    const from = random(bytes.length + 1);
    const part = bytes.subarray(from, from + random(60));
    return spliced(bytes, random(bytes.length + 1), 0, part);
  },
  // The beginning of one answer, the end of another.
  (bytes, random) => {
    const other = pick(small, random);
    return Buffer.concat([
      bytes.subarray(0, random(bytes.length + 1)),
      other.subarray(random(other.length + 1)),
    ]);
  },
  (bytes, random) => bytes.subarray(0, random(bytes.length + 1)),
  // A line more, which may well be a good one.
  (bytes, random) => {
    const ends = [...bytes.toString("latin1", 0, 2_000).matchAll(/\r\n/g)];
    if (ends.length === 0) return bytes;
    return spliced(bytes, pick(ends, random).index + 2, 0, Buffer.from(pick(lines, random), "latin1"));
  },
  // A number is an unlikely one.
  (bytes, random) => {
    const found = [...bytes.toString("latin1", 0, 2_000).matchAll(/\d+/g)];
    if (found.length === 0) return bytes;
    const { index, 0: digits } = pick(found, random);
    return spliced(bytes, index, digits.length, Buffer.from(pick(numbers, random)));
  },
];

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
let at = -1;
let bytes: Buffer = Buffer.alloc(0);
try {
  fuzz();
} catch (error) {
  out(`seed ${seed}, iteration ${at}: ${error instanceof Error ? error.stack : String(error)}`);
  out(bytes.toString("base64"));
  process.exitCode = 1;
}

function fuzz(): void {
  const cache = new HeadCache();
  const old: OldParsers = {
    cache,
    wide: new ResponseParser(cache),
    narrow: new ResponseParser(cache, narrow),
  };
  const ends = { done: 0, problem: 0, incomplete: 0 };
  const began = performance.now();
  const firstBatches = Math.floor(iterations / 10 / batchSize) * batchSize;
  let heapAtFirst = 0;
  const run = (from: number, to: number): void => {
    for (at = from; at < to; at++) {
      const random = randomFrom(seed + at);
      bytes = mutant(random);
      const { done, problem } = check(bytes, random, old);
      ends[done ? "done" : problem === undefined ? "incomplete" : "problem"]++;
    }
  };
  for (let from = 0; from < iterations; from += batchSize) {
    const to = Math.min(iterations, from + batchSize);
    runInNewContext("run(from, to)", { run, from, to }, { timeout: batchTimeoutMs });
    if (from === firstBatches) heapAtFirst = heapUsed();
  }
  const growth = heapUsed() - heapAtFirst;
  const seconds = (performance.now() - began) / 1_000;
  out(
    `${iterations} answers in ${seconds.toFixed(0)} s, ${Math.round(iterations / seconds)} a second: ` +
      `${ends.done} done, ${ends.problem} malformed, ${ends.incomplete} incomplete; ` +
      `the heap changed by ${(growth / 2 ** 20).toFixed(1)} MiB. Seed ${seed}.`,
  );
  if (growth > growthLimit) throw new Error("the heap has grown");
}

/** Half begin with an answer that is taken, one of a hundred with any entry, be it large. */
function mutant(random: Random): Buffer {
  let result: Buffer = pick(random(100) === 0 ? corpus : random(2) === 0 ? small : good, random);
  for (let left = random(3); left >= 0; left--) result = pick(mutations, random)(result, random);
  return result.subarray(0, sizeLimit);
}

/** `readAnswer` holds the parser to its promises on each push; what all readings say must be the same. */
function check(bytes: Buffer, random: Random, { cache, ...old }: OldParsers): AnswerReading {
  const method = random(8) === 0 ? "HEAD" : "GET";
  const keepBody = pick([0, 5, 1_000], random);
  const isNarrow = random(4) === 0;
  const options: ReadingOptions = { method, keepBody, ...(isNarrow && { limits: narrow }) };
  // A head that wider limits let into the cache must not pass narrow ones by it.
  if (isNarrow) readAnswer(bytes, { method, parser: old.wide });
  const cuts = Array.from({ length: random(6) }, () => random(bytes.length + 1)).sort((a, b) => a - b);
  const atOnce = readAnswer(bytes, { ...options, parser: isNarrow ? old.narrow : old.wide });
  same(atOnce, readAnswer(bytes, { ...options, cache, cuts }), "in pieces");
  same(atOnce, readAnswer(bytes, options), "without known heads");
  if (bytes.length <= 1_000) {
    const everywhere = Array.from({ length: bytes.length }, (_, i) => i);
    same(atOnce, readAnswer(bytes, { ...options, cuts: everywhere }), "byte by byte");
  }
  return atOnce;
}

function same(a: AnswerReading, b: AnswerReading, how: string): void {
  if (!isDeepStrictEqual(a, b)) throw new Error(`${how}: ${JSON.stringify(b)} is not ${JSON.stringify(a)}`);
}

function spliced(bytes: Buffer, from: number, removed: number, added: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, from), added, bytes.subarray(from + removed)]);
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[random(items.length)] as T;
}

/** Mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function randomFrom(start: number): Random {
  let state = Math.imul(start, 0x9e3779b1) | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** After a collection: without one, garbage would count. */
function heapUsed(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function out(line: string): void {
  process.stdout.write(`${line}\n`);
}
