import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { ProtobufReader } from "./protobuf-reader.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/** A value and the way in which it is written. */
const values = fc.oneof(
  fc.record({ kind: fc.constant("varint" as const), value: fc.maxSafeNat() }),
  fc.record({ kind: fc.constant("int64" as const), value: fc.maxSafeInteger() }),
  fc.record({ kind: fc.constant("double" as const), value: fc.double({ noNaN: true }) }),
  fc.record({ kind: fc.constant("text" as const), value: fc.string({ unit: "grapheme" }) }),
  fc.record({ kind: fc.constant("text" as const), value: fc.nat(9_000).map((size) => "ä".repeat(size)) }),
);

test("values that are written one after the other, of any size, are read in the other order", () => {
  fc.assert(
    fc.property(fc.array(values), (written) => {
      const writer = new ProtobufWriter();
      for (const { kind, value } of written) {
        if (kind === "text") {
          writer.text(value);
          writer.varint(Buffer.byteLength(value));
        } else writer[kind](value);
      }
      const reader = new ProtobufReader(writer.finish());
      for (const { kind, value } of written.toReversed()) {
        if (kind === "text") {
          const outer = reader.enter();
          assert.equal(reader.restAsText(), value);
          reader.leave(outer);
        } else assert.equal(reader[kind](), value);
      }
      assert.ok(reader.isAtEnd);
    }),
  );
});
