import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { inChunks } from "@seaworthy/load";
import { readRequestHead, type RequestHead } from "./request-head.ts";

const read = (...lines: string[]) => readRequestHead(`${lines.join("\r\n")}\r\n\r\n`);
const good = (...lines: string[]): RequestHead => {
  const head = read(...lines);
  assert.ok(typeof head === "object", lines.join(" | "));
  return head;
};

test("a head says all that the edge routes by", () => {
  const { headers, ...head } = good(
    "PATCH /a?b=c HTTP/1.1",
    "Host:shop.example:8080",
    "COOKIE: a=1",
    "Cookie: \t b=2 ",
    "Accept: one",
    "accept: two",
    "X-Empty:",
    "__proto__: x",
    "Content-Length: 12",
  );
  assert.deepEqual(head, {
    method: "PATCH",
    target: "/a?b=c",
    host: "shop.example:8080",
    rawHeaders: Object.entries({
      Host: "shop.example:8080",
      COOKIE: "a=1",
      Cookie: "b=2",
      Accept: "one",
      accept: "two",
    })
      .flat()
      .concat("X-Empty", "", "__proto__", "x", "Content-Length", "12"),
    bodyLength: 12,
    isOld: false,
    keepAlive: true,
    awaitsContinue: false,
    upgrades: false,
  });
  assert.deepEqual(Object.entries(headers), [
    ["host", "shop.example:8080"],
    ["cookie", "a=1; b=2"],
    ["accept", "one, two"],
    ["x-empty", ""],
    ["__proto__", "x"],
    ["content-length", "12"],
  ]);
});

test("what a head says of its connection", () => {
  const host = "Host: a";
  assert.equal(good("GET / HTTP/1.1", host, "Connection: x, Close").keepAlive, false);
  assert.equal(good("GET / HTTP/1.0").keepAlive, false);
  assert.equal(good("GET / HTTP/1.0", "Connection: Keep-Alive").keepAlive, true);
  assert.equal(good("POST / HTTP/1.1", host, "Transfer-Encoding: Chunked").bodyLength, inChunks);
  assert.equal(good("POST / HTTP/1.1", host, "Expect: 100-Continue").awaitsContinue, true);
  assert.equal(good("GET / HTTP/1.1", host, "Connection: keep-alive, Upgrade", "Upgrade: x").upgrades, true);
  assert.equal(good("GET / HTTP/1.1", host, "Upgrade: x").upgrades, false);
});

test("what could be read in two ways is refused", () => {
  const refused = (...lines: string[]) => assert.equal(read(...lines), 400, lines.join(" | "));
  const host = "Host: a";
  for (const line of [
    "",
    "GET /",
    "GET  / HTTP/1.1",
    "GET / HTTP/1.1 ",
    " GET / HTTP/1.1",
    "GET\t/ HTTP/1.1",
    "GET / HTTP/2.0",
    "GET / http/1.1",
    "GET /a b HTTP/1.1",
    "GET /\u00e9 HTTP/1.1",
    "G(T / HTTP/1.1",
    "CONNECT a:1 HTTP/1.1",
  ])
    refused(line, host);
  for (const field of [
    "X",
    ": x",
    "X : y",
    " X: y",
    "X: y\r\n folded",
    "X: a\rb",
    "X: a\nb",
    "X: a\0b",
    "\u00e9: y",
    "Content-Length:",
    "Content-Length: -1",
    "Content-Length: +1",
    "Content-Length: 0x1",
    "Content-Length: 1 1",
    "Content-Length: 1, 1",
    "Content-Length: 1\r\nContent-Length: 1",
    "Content-Length: 1234567890123456",
    "Transfer-Encoding:",
    "Transfer-Encoding: gzip",
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: chunked, chunked",
    "Transfer-Encoding: chunked\r\nContent-Length: 1",
    "Host: b",
  ])
    refused("POST / HTTP/1.1", host, field);
  refused("GET / HTTP/1.1");
  refused("POST / HTTP/1.0", "Transfer-Encoding: chunked");
  assert.equal(read("GET / HTTP/1.1", host, "Expect: more"), 417);
  refused("GET / HTTP/1.1", host, ...Array.from({ length: 1_001 }, (_, index) => `X-${index}: y`));
});

test("whatever comes, a head is read or refused, and what was read is what came", () => {
  const token = fc.stringMatching(/^[A-Za-z-]{1,8}$/);
  const value = fc.stringMatching(/^[!-~\u00a1-\u00ff]([ -~]{0,20}[!-~])?$/);
  const fields = fc.array(fc.tuple(token, value), { maxLength: 6 });
  fc.assert(
    fc.property(fields, fc.nat(400), fc.nat(255), (sent, at, byte) => {
      const text = `GET / HTTP/1.1\r\nHost: a\r\n${sent.map(([name, each]) => `${name}: ${each}\r\n`).join("")}\r\n`;
      const head = readRequestHead(text);
      if (typeof head === "object") assert.deepEqual(head.rawHeaders, ["Host", "a", ...sent.flat()]);
      const changed = text.slice(0, at) + String.fromCharCode(byte) + text.slice(at + 1);
      const other = readRequestHead(changed.endsWith("\r\n\r\n") ? changed : `${changed}\r\n\r\n`);
      assert.ok(typeof other === "object" || other === 400 || other === 417);
    }),
  );
});
