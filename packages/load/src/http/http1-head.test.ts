import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Http1Head, inChunks, untilClose } from "./http1-head.ts";

const head = (...lines: string[]): Http1Head => new Http1Head([...lines, "", ""].join("\r\n"));
const ok = "HTTP/1.1 200 OK";

describe("Http1Head", () => {
  it("lists headers under lower-case names, repeated ones joined", () => {
    const found = head(ok, "Vary: A", "X-B:\t b c ", "vary: D", "empty:");
    assert.deepEqual(
      [...found.headers],
      [
        ["vary", "A, D"],
        ["x-b", "b c"],
        ["empty", ""],
      ],
    );
    assert.equal(found.headers, found.headers);
  });

  it("gives the reason, and headers as they came", () => {
    const found = head(ok, "Set-Cookie: a", "X-B:\t b c ", "set-cookie: b");
    assert.equal(found.reason, "OK");
    assert.deepEqual(found.rawHeaders, ["Set-Cookie", "a", "X-B", "b c", "set-cookie", "b"]);
    assert.equal(head("HTTP/1.1 200").reason, "");
  });

  it("gives one header, before the list is made and after", () => {
    const found = head(ok, "Vary: A", "x: vary: no", "VARY: D");
    for (let i = 0; i < 2; i++) {
      assert.deepEqual(
        [found.header("vary"), found.header("ary"), found.header("x")],
        ["A, D", undefined, "vary: no"],
      );
      assert.equal(found.headers.size, 2);
    }
  });

  it("says how the body is delimited", () => {
    assert.equal(head(ok).bodyLength, untilClose);
    assert.equal(head(ok, "Content-Length: 12").bodyLength, 12);
    assert.equal(head(ok, "Content-Length: 999999999999999").bodyLength, 999_999_999_999_999);
    assert.equal(head(ok, "Transfer-Encoding: Chunked").bodyLength, inChunks);
    assert.equal(head("HTTP/1.1 204 No Content").bodyLength, 0);
    assert.equal(head("HTTP/1.1 304 Not Modified", "Content-Length: 12").bodyLength, 0);
  });

  it("keeps connections unless they are to be closed, and those of HTTP/1.0 only when the answer says so", () => {
    const old = "HTTP/1.0 200 OK";
    assert.equal(head(ok).keepAlive, true);
    assert.equal(head(ok, "Connection: x, Close").keepAlive, false);
    assert.equal(head(ok, "Connection: keep-alive", "Connection: close").keepAlive, false);
    assert.equal(head(ok, "Connection: closed").keepAlive, true);
    assert.equal(head(old).keepAlive, false);
    assert.equal(head(old, "Connection: Keep-Alive").keepAlive, true);
    assert.equal(head(old, "Connection: keep-alive, close").keepAlive, false);
  });
});
