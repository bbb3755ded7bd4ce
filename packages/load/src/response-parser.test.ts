import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { ResponseParser } from "./response-parser.ts";

interface Reading {
  readonly done: boolean;
  readonly problem: string | undefined;
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly bodyBytes: number;
  readonly keepAlive: boolean;
  readonly unread: number;
}

/** Reads bytes cut at the given places, and then the end of the connection. */
function read(bytes: Buffer, cuts: readonly number[] = []): Reading {
  const parser = new ResponseParser();
  const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  let used = 0;
  for (let i = 1; i < places.length; i++) {
    const part = bytes.subarray(places[i - 1], places[i]);
    if (!parser.done && parser.problem === undefined) used += parser.push(part);
  }
  parser.end();
  const { done, problem, status, headers, bodyBytes, keepAlive } = parser;
  return { done, problem, status, headers: [...headers], bodyBytes, keepAlive, unread: bytes.length - used };
}

const text = (latin1: string): Reading => read(Buffer.from(latin1, "latin1"));

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
    let size = 0;
    if (framing.kind === "chunked") {
      lines.push("Transfer-Encoding: chunked\r\n");
      for (const chunk of framing.chunks) {
        size += chunk.length;
        parts.push(
          Buffer.from(`${chunk.length.toString(16)};x=1\r\n`),
          Buffer.from(chunk),
          Buffer.from("\r\n"),
        );
      }
      parts.push(Buffer.from(`0\r\n${framing.trailer ? "x-sum: 1\r\n" : ""}\r\n`));
    } else {
      size = framing.body.length;
      if (framing.kind === "length") lines.push(`Content-Length: ${size}\r\n`);
      parts.push(Buffer.from(framing.body));
    }
    const head = `${interim ? "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" : ""}HTTP/1.1 ${status} Some Reason\r\n${lines.join("")}\r\n`;
    const bytes = Buffer.concat([Buffer.from(head, "latin1"), ...parts]);
    return { bytes, status, headers, size, close, untilClose: framing.kind === "until-close" };
  });

describe("ResponseParser", () => {
  it("reads any well-formed answer, however it is cut", () => {
    fc.assert(
      fc.property(answer, fc.array(fc.nat(2_000), { maxLength: 12 }), (wanted, places) => {
        const cuts = places.map((place) => place % (wanted.bytes.length + 1));
        const found = read(wanted.bytes, cuts);
        assert.equal(found.problem, undefined);
        assert.deepEqual(
          [found.done, found.status, found.bodyBytes, found.unread],
          [true, wanted.status, wanted.size, 0],
        );
        assert.equal(found.keepAlive, !wanted.close);
        for (const [key, text] of Object.entries(wanted.headers))
          assert.equal(new Map(found.headers).get(key), text);
      }),
    );
  });

  it("finds the same in any bytes byte by byte as at once", () => {
    const broken = fc
      .tuple(answer, fc.nat(), fc.integer({ min: 0, max: 255 }))
      .map(([{ bytes }, place, byte]) => {
        const copy = Buffer.from(bytes);
        copy[place % copy.length] = byte;
        return copy;
      });
    const anything = fc.oneof(
      broken,
      fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(anything, (bytes) => {
        const each = Array.from({ length: bytes.length }, (_, i) => i);
        assert.deepEqual({ ...read(bytes, each), unread: 0 }, { ...read(bytes), unread: 0 });
      }),
    );
  });

  it("takes no proper beginning of an answer for the whole, unless the close ends it", () => {
    fc.assert(
      fc.property(answer, fc.nat(), ({ bytes, untilClose }, place) => {
        if (untilClose) return;
        const found = read(bytes.subarray(0, place % bytes.length));
        assert.deepEqual([found.done, found.problem], [false, undefined]);
      }),
    );
  });

  it("leaves the bytes after an answer unread", () => {
    fc.assert(
      fc.property(answer, fc.integer({ min: 1, max: 50 }), ({ bytes, untilClose }, extra) => {
        if (!untilClose) assert.equal(read(Buffer.concat([bytes, Buffer.alloc(extra, "x")])).unread, extra);
      }),
    );
  });

  it("reads one answer after the other on a connection", () => {
    const parser = new ResponseParser();
    for (const status of [200, 404, 204]) {
      parser.push(
        Buffer.from(
          `HTTP/1.1 ${status} \r\n${status === 204 ? "" : "content-length: 1\r\n"}\r\n${status === 204 ? "" : "x"}`,
        ),
      );
      assert.deepEqual([parser.done, parser.status], [true, status]);
      parser.reset();
    }
  });

  it("keeps HTTP/1.0 connections only when the answer says so", () => {
    assert.equal(text("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").keepAlive, false);
    assert.equal(
      text("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n").keepAlive,
      true,
    );
    assert.equal(
      text("HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n").keepAlive,
      false,
    );
  });

  it("does not count an interim answer as the beginning of the answer", () => {
    const parser = new ResponseParser();
    parser.push(Buffer.from("HTTP/1.1 100 Continue\r\n\r\n"));
    assert.deepEqual([parser.started, parser.done], [false, false]);
  });

  const malformed: readonly (readonly [string, string])[] = [
    ["HTTP/2 200 OK\r\n\r\n", "the status line is malformed"],
    ["HTTP/1.1 20 OK\r\n\r\n", "the status line is malformed"],
    ["HTTP/1.1 200 OK\n\n", "a line does not end in CRLF"],
    ["HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "a header line is malformed"],
    ["HTTP/1.1 200 OK\r\nname : space\r\n\r\n", "a header line is malformed"],
    ["HTTP/1.1 200 OK\r\na: b\r\n folded\r\n\r\n", "a header line is malformed"],
    ["HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "Content-Length is malformed"],
    ["HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", "Content-Length is malformed"],
    [
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      "both Transfer-Encoding and Content-Length",
    ],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n", "a chunk size is malformed"],
    [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
      "a chunk is longer than its size says",
    ],
    ["HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "an upgrade that was not asked for"],
    [`HTTP/1.1 200 OK\r\na: ${"b".repeat(20_000)}\r\n\r\n`, "the header is too large"],
    [
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;${"e".repeat(2_000)}\r\n`,
      "a chunk line is too long",
    ],
  ];
  for (const [bytes, problem] of malformed) {
    it(`says of ${JSON.stringify(bytes.slice(0, 60))}: ${problem}`, () =>
      assert.equal(text(bytes).problem, problem));
  }

  it("takes the same Content-Length twice for one", () => {
    assert.equal(text("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx").done, true);
  });
});
