import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { der } from "./der.ts";

test("lengths take the short form below 128 and the long form from there on", () => {
  for (const [length, head] of [
    [0, [0x04, 0x00]],
    [127, [0x04, 0x7f]],
    [128, [0x04, 0x81, 0x80]],
    [256, [0x04, 0x82, 0x01, 0x00]],
    [65_536, [0x04, 0x83, 0x01, 0x00, 0x00]],
  ] as const)
    assert.deepEqual([...der.octetString(Buffer.alloc(length)).subarray(0, head.length)], head);
});

test("integers are the shortest form of what was given, and never negative", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (bytes) => {
      const [, length = 0, ...content] = der.integer(Buffer.from(bytes));
      assert.equal(length, content.length);
      assert.ok(content[0]! < 0x80);
      assert.ok(content.length === 1 || content[0] !== 0 || content[1]! >= 0x80);
      assert.equal(toBigInt(content), toBigInt([...bytes]));
    }),
  );
});

test("object identifiers are written as X.690 and RFC 5280 show them", () => {
  assert.equal(der.objectIdentifier("1.2.840.10045.4.3.2").toString("hex"), "06082a8648ce3d040302");
  assert.equal(der.objectIdentifier("2.5.29.17").toString("hex"), "0603551d11");
  assert.equal(der.objectIdentifier("2.999.3").toString("hex"), "0603883703");
});

function toBigInt(bytes: readonly number[]): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}
