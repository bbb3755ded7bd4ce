import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  dataFrame,
  goAwayFrame,
  pingFrame,
  rstStreamFrame,
  SpdyFrameReader,
  SpdyProtocolError,
  synReplyFrame,
  synStreamFrame,
  type SpdyFrame,
} from "./spdy-frames.ts";

const streamId = fc.integer({ min: 1, max: 0x7fffffff });
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const number = fc.integer({ min: 0, max: 0x7fffffff });

/** A frame as it is written, and as it is to be read. */
const frame: fc.Arbitrary<readonly [written: Buffer, read: SpdyFrame]> = fc.oneof(
  fc
    .tuple(streamId, bytes, fc.boolean())
    .map(
      ([id, data, isLast]) =>
        [dataFrame(id, data, isLast), { type: "data", streamId: id, isLast, data }] as const,
    ),
  fc
    .tuple(streamId, bytes, fc.boolean())
    .map(
      ([id, headers, isLast]) =>
        [synStreamFrame(id, headers, isLast), { type: "syn-stream", streamId: id, isLast, headers }] as const,
    ),
  fc
    .tuple(streamId, bytes)
    .map(
      ([id, headers]) =>
        [synReplyFrame(id, headers), { type: "syn-reply", streamId: id, isLast: false, headers }] as const,
    ),
  fc
    .tuple(streamId, number)
    .map(
      ([id, status]) => [rstStreamFrame(id, status), { type: "rst-stream", streamId: id, status }] as const,
    ),
  fc.integer({ min: 0, max: 0xffffffff }).map((id) => [pingFrame(id), { type: "ping", id }] as const),
  fc
    .tuple(number, number)
    .map(
      ([lastStreamId, status]) =>
        [goAwayFrame(lastStreamId, status), { type: "go-away", lastStreamId, status }] as const,
    ),
);

test("frames are read as they were written, however they are cut on their way", () => {
  fc.assert(
    fc.property(fc.array(frame), fc.infiniteStream(fc.integer({ min: 1, max: 400 })), (frames, sizes) => {
      const reader = new SpdyFrameReader();
      const read = cut(Buffer.concat(frames.map(([written]) => written)), sizes).flatMap((chunk) => [
        ...reader.push(chunk),
      ]);
      assert.deepEqual(joinData(read), joinData(frames.map(([, expected]) => expected)));
    }),
  );
});

test("whatever bytes come, they are frames or a SpdyProtocolError", () => {
  const head = fc
    .tuple(fc.constantFrom(2, 3), fc.integer({ min: 0, max: 12 }), fc.nat(255), fc.nat(64), bytes)
    .map(([version, type, flags, length, rest]) =>
      Buffer.concat([Buffer.of(0x80, version, 0, type, flags, 0, 0, length), rest]),
    );
  fc.assert(
    fc.property(fc.array(fc.oneof(bytes, head)), (chunks) => {
      const reader = new SpdyFrameReader();
      try {
        for (const chunk of chunks) for (const each of reader.push(chunk)) assert.ok(each.type);
      } catch (error) {
        assert.ok(error instanceof SpdyProtocolError, String(error));
      }
    }),
  );
});

test("a control frame that is too long is refused by its head, before it is held", () => {
  const reader = new SpdyFrameReader();
  assert.throws(() => [...reader.push(Buffer.of(0x80, 3, 0, 1, 0, 0xff, 0xff, 0xff))], SpdyProtocolError);
});

function cut(all: Buffer, sizes: Iterator<number>): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < all.length; at += chunks.at(-1)!.length) {
    const size = Number(sizes.next().value);
    chunks.push(all.subarray(at, at + size));
  }
  return chunks;
}

/** Pieces of one frame of data are as good as the whole. */
function joinData(frames: readonly SpdyFrame[]): SpdyFrame[] {
  const joined: SpdyFrame[] = [];
  for (const each of frames) {
    const last = joined.at(-1);
    if (each.type === "data" && last?.type === "data" && last.streamId === each.streamId && !last.isLast)
      joined[joined.length - 1] = { ...each, data: Buffer.concat([last.data, each.data]) };
    else joined.push(each);
  }
  return joined;
}
