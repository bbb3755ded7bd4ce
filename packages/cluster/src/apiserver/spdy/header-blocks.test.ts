import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, deflateSync } from "node:zlib";
import * as fc from "fast-check";
import { HeaderBlockReader, HeaderBlockWriter } from "./header-blocks.ts";
import { spdyDictionary } from "./spdy-dictionary.ts";
import { SpdyProtocolError } from "./spdy-frames.ts";

const text = fc.string({ unit: "binary", maxLength: 40 });
const headers = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z-]{1,20}$/), text), {
  selector: ([name]) => name,
  maxLength: 8,
});

test("headers are read as they were written, one block after another", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(headers, { maxLength: 5 }), async (blocks) => {
      const writer = new HeaderBlockWriter();
      const reader = new HeaderBlockReader();
      for (const block of blocks)
        assert.deepEqual(await reader.read(writer.write(new Map(block))), new Map(block));
      reader.close();
    }),
  );
});

test("the blocks that kubectl writes are read", async () => {
  const reader = new HeaderBlockReader();
  const first = "78f9e3c6a7c26260606004a7b392a2d4c45c6851c29a0a0a6800000000ffff";
  assert.deepEqual(await reader.read(Buffer.from(first, "hex")), new Map([["streamtype", "error"]]));
  const second = Buffer.from("c22ac5565c92925f5a02000000ffff", "hex");
  assert.deepEqual(await reader.read(second), new Map([["streamtype", "stdout"]]));
  reader.close();
});

test("a block ends with an empty one, or Go's reader fails at the second", () => {
  const block = new HeaderBlockWriter().write(new Map());
  assert.equal(block.subarray(-5).toString("hex"), "000000ffff");
});

test("a block that becomes very large is refused", async () => {
  const bomb = deflateSync(Buffer.alloc(50_000_000), {
    dictionary: spdyDictionary,
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  const reader = new HeaderBlockReader();
  await assert.rejects(reader.read(bomb), SpdyProtocolError);
});

test("whatever bytes come, they are headers or a SpdyProtocolError", async () => {
  const stored = fc
    .uint8Array({ maxLength: 60 })
    .map((content) =>
      deflateSync(Buffer.from(content), { dictionary: spdyDictionary, finishFlush: constants.Z_SYNC_FLUSH }),
    );
  const raw = fc.uint8Array({ maxLength: 60 }).map((content) => Buffer.from(content));
  await fc.assert(
    fc.asyncProperty(fc.oneof(stored, raw), async (block) => {
      const reader = new HeaderBlockReader();
      await reader.read(block).catch((error: unknown) => {
        assert.ok(error instanceof SpdyProtocolError, String(error));
      });
      reader.close();
    }),
  );
});
