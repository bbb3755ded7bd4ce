import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { hostileAnswers } from "../testing/hostile-answers.ts";
import { readAnswer } from "../testing/read-answer.ts";
import { HeadCache } from "./head-cache.ts";
import { ResponseParser } from "./response-parser.ts";

const text = (latin1: string, method = "GET") => readAnswer(Buffer.from(latin1, "latin1"), { method });
const everywhere = (bytes: Uint8Array): number[] => Array.from({ length: bytes.length }, (_, i) => i);

const name = fc.stringMatching(/^x-[a-z0-9]{1,8}$/);
const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
const body = fc.uint8Array({ maxLength: 200 });

/** A well-formed answer, with what a reader must find in it. */
const answer = fc
  .record({
    status: fc.constantFrom(200, 201, 302, 404, 500, 503),
    headers: fc.dictionary(name, value, { maxKeys: 4 }),
    interim: fc.boolean(),
    close: fc.boolean(),
    framing: fc.oneof(
      fc.record({ kind: fc.constantFrom("length" as const, "until-close" as const), body }),
      fc.record({
        kind: fc.constant("chunked" as const),
        chunks: fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 5 }),
        trailer: fc.boolean(),
      }),
    ),
  })
  .map(({ status, headers, interim, close, framing }) => {
    const lines = Object.entries(headers).map(([key, text]) => `${key}: ${text}\r\n`);
    if (close) lines.push("Connection: close\r\n");
    const parts: Buffer[] = [];
    const body = Buffer.concat(framing.kind === "chunked" ? framing.chunks : [framing.body]);
    if (framing.kind === "chunked") {
      lines.push("Transfer-Encoding: chunked\r\n");
      for (const chunk of framing.chunks) {
        parts.push(
          Buffer.from(`${chunk.length.toString(16)};x=1\r\n`),
          Buffer.from(chunk),
          Buffer.from("\r\n"),
        );
      }
      parts.push(Buffer.from(`0\r\n${framing.trailer ? "x-sum: 1\r\n" : ""}\r\n`));
    } else {
      if (framing.kind === "length") lines.push(`Content-Length: ${body.length}\r\n`);
      parts.push(body);
    }
    const head = `${interim ? "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" : ""}HTTP/1.1 ${status} Some Reason\r\n${lines.join("")}\r\n`;
    const bytes = Buffer.concat([Buffer.from(head, "latin1"), ...parts]);
    return { bytes, status, headers, body, close, untilClose: framing.kind === "until-close" };
  });

/** Well-formed answers and hostile ones, some with a byte or two changed. */
const anything = fc
  .tuple(
    fc.oneof(
      answer.map(({ bytes }) => bytes),
      fc.constantFrom(...hostileAnswers).map(({ bytes }) => Buffer.from(bytes, "latin1")),
      body.map((bytes) => Buffer.from(bytes)),
    ),
    fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0x09, 0x0a, 0x0d, 0x20, 0x3a, 0x3b))), {
      maxLength: 2,
    }),
  )
  .map(([bytes, changes]) => {
    const copy = Buffer.from(bytes);
    for (const [place, byte] of changes) if (copy.length > 0) copy[place % copy.length] = byte;
    return copy;
  });

const places = fc.array(fc.nat(), { maxLength: 12 });
const cutsIn = (bytes: Uint8Array, places: readonly number[]): number[] =>
  places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);

describe("ResponseParser", () => {
  it("reads any well-formed answer, however it is cut", () => {
    fc.assert(
      fc.property(answer, places, (wanted, places) => {
        const found = readAnswer(wanted.bytes, { cuts: cutsIn(wanted.bytes, places) });
        assert.equal(found.problem, undefined);
        assert.deepEqual(
          [found.done, found.status, found.body, found.unread],
          [true, wanted.status, wanted.body.toString("latin1"), 0],
        );
        assert.equal(found.keepAlive, !wanted.close);
        for (const [key, text] of Object.entries(wanted.headers))
          assert.ok(found.headers?.includes(`${key}: ${text}\n`));
      }),
    );
  });

  it("finds the same in any bytes, wherever they are cut and whatever was read before", () => {
    const cache = new HeadCache();
    fc.assert(
      fc.property(anything, places, fc.constantFrom("GET", "HEAD"), (bytes, places, method) => {
        const atOnce = readAnswer(bytes, { method });
        assert.deepEqual(readAnswer(bytes, { method, cache }), atOnce);
        assert.deepEqual(readAnswer(bytes, { method, cache, cuts: cutsIn(bytes, places) }), atOnce);
        if (bytes.length < 2_000)
          assert.deepEqual(readAnswer(bytes, { method, cuts: everywhere(bytes) }), atOnce);
      }),
      { numRuns: 500 },
    );
  });

  it("finds the same under narrow limits, wherever the bytes are cut", () => {
    const limits = { headBytes: 60, chunkLineBytes: 4 };
    fc.assert(
      fc.property(anything, places, (bytes, places) => {
        const cuts = cutsIn(bytes, places);
        assert.deepEqual(readAnswer(bytes, { limits, cuts }), readAnswer(bytes, { limits }));
      }),
    );
  });

  it("takes no proper beginning of an answer for the whole, unless the close ends it", () => {
    fc.assert(
      fc.property(answer, fc.nat(), ({ bytes, untilClose }, place) => {
        if (untilClose) return;
        const found = readAnswer(bytes.subarray(0, place % bytes.length));
        assert.deepEqual([found.done, found.problem], [false, undefined]);
      }),
    );
  });

  it("leaves the bytes after an answer unread", () => {
    fc.assert(
      fc.property(answer, fc.integer({ min: 1, max: 50 }), ({ bytes, untilClose }, extra) => {
        const longer = Buffer.concat([bytes, Buffer.alloc(extra, "x")]);
        if (!untilClose) assert.equal(readAnswer(longer).unread, extra);
      }),
    );
  });

  for (const { name, bytes, method, expected } of hostileAnswers) {
    it(`reads an answer with ${name}`, () => {
      const { done, problem, status, body, unread } = text(bytes, method);
      if (expected === "incomplete") assert.deepEqual([done, problem], [false, undefined]);
      else if ("problem" in expected) assert.deepEqual([done, problem], [false, expected.problem]);
      else assert.deepEqual({ status, body, unread, problem }, { ...expected, problem: undefined });
    });
  }

  it("reads one answer after the other on a connection", () => {
    const parser = new ResponseParser(new HeadCache());
    const empty = Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n");
    const answers = Buffer.from(
      "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na" +
        "HTTP/1.1 404 \r\ntransfer-encoding: chunked\r\n\r\n2\r\nbc\r\n0\r\n\r\n" +
        "HTTP/1.1 204 \r\n\r\n",
    );
    let at = 0;
    for (const [status, body] of [
      [200, "a"],
      [404, "bc"],
      [204, ""],
    ] as const) {
      parser.begin("GET", 10);
      assert.deepEqual([parser.started, parser.head, parser.bodyBytes], [false, undefined, 0]);
      at = parser.push(answers, at, answers.length);
      assert.deepEqual([parser.done, parser.head?.status, parser.body.toString()], [true, status, body]);
    }
    assert.equal(at, answers.length);
    parser.begin("HEAD");
    assert.equal(parser.push(empty, 0, empty.length), empty.length);
    assert.equal(parser.done, true);
  });

  it("keeps as much of the body as was asked for", () => {
    const parser = new ResponseParser(new HeadCache());
    const bytes = Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nabcdef");
    for (const [keepBody, kept] of [
      [4, "abcd"],
      [0, ""],
      [100, "abcdef"],
    ] as const) {
      parser.begin("GET", keepBody);
      for (let at = 0; at < bytes.length; at++) parser.push(bytes, at, at + 1);
      assert.deepEqual([parser.body.toString(), parser.bodyBytes], [kept, 6]);
    }
  });

  it("has started with the first byte, be it of an interim answer, which leaves no head", () => {
    const parser = new ResponseParser(new HeadCache());
    parser.begin("POST");
    assert.equal(parser.push(Buffer.alloc(0), 0, 0), 0);
    assert.equal(parser.started, false);
    const interim = Buffer.from("HTTP/1.1 100 Continue\r\n\r\n");
    parser.push(interim, 0, interim.length);
    assert.deepEqual([parser.started, parser.head, parser.done], [true, undefined, false]);
  });

  it("takes no more bytes when the answer has ended or failed", () => {
    const parser = new ResponseParser(new HeadCache());
    const bytes = Buffer.from("nonsense");
    parser.begin("GET");
    assert.equal(parser.push(bytes, 2, 8), 3);
    assert.equal(parser.push(bytes, 3, 8), 3);
    parser.end();
    assert.deepEqual([parser.done, parser.problem], [false, "the status line is malformed"]);
  });
});
