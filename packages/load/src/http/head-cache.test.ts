import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeadCache } from "./head-cache.ts";

const bytesOf = (id: string): Buffer => Buffer.from(`HTTP/1.1 200 OK\r\nid: ${id}\r\n\r\n`);

describe("HeadCache", () => {
  it("gives the same head for the same bytes, wherever they are and whatever follows", () => {
    const cache = new HeadCache();
    const bytes = bytesOf("1");
    const head = cache.add(bytes, 0, bytes.length);
    const behind = Buffer.concat([Buffer.from("before"), bytes, Buffer.from("body")]);
    assert.equal(cache.find(behind, 6, behind.length), head);
    assert.equal(cache.find(behind, 6, 6 + bytes.length - 1), undefined);
    assert.equal(cache.find(behind, 5, behind.length), undefined);
  });

  it("copies the bytes", () => {
    const cache = new HeadCache();
    const bytes = bytesOf("1");
    const head = cache.add(bytes, 0, bytes.length);
    bytes.fill(0);
    assert.equal(cache.find(bytesOf("1"), 0, bytes.length), head);
    assert.equal(head.headers.get("id"), "1");
  });

  it("knows the last eight", () => {
    const cache = new HeadCache();
    const ids = Array.from({ length: 20 }, (_, i) => String(i));
    const heads = ids.map((id) => cache.add(bytesOf(id), 0, bytesOf(id).length));
    const found = ids.map((id) => cache.find(bytesOf(id), 0, bytesOf(id).length));
    assert.deepEqual(
      found.slice(0, 12),
      Array.from({ length: 12 }, () => undefined),
    );
    for (let i = 12; i < 20; i++) assert.equal(found[i], heads[i]);
  });

  it("finds short heads where long ones were told apart far behind", () => {
    const cache = new HeadCache();
    const long = Array.from({ length: 30 }, (_, i) => bytesOf(`${"x".repeat(500)}${i}`));
    for (const bytes of long) {
      assert.equal(cache.find(bytes, 0, bytes.length), undefined);
      cache.add(bytes, 0, bytes.length);
    }
    for (let i = 0; i < 8; i++) cache.add(bytesOf(String(i)), 0, bytesOf(String(i)).length);
    for (let i = 0; i < 8; i++) {
      const bytes = Buffer.concat([bytesOf(String(i)), Buffer.alloc(1_000, "y")]);
      assert.equal(cache.find(bytes, 0, bytes.length)?.headers.get("id"), String(i));
    }
  });

  it("reads a large head and does not keep it", () => {
    const cache = new HeadCache();
    const bytes = bytesOf("x".repeat(3_000));
    assert.equal(cache.add(bytes, 0, bytes.length).headers.get("id")?.length, 3_000);
    assert.equal(cache.find(bytes, 0, bytes.length), undefined);
  });
});
