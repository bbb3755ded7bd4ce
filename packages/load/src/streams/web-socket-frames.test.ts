import assert from "node:assert/strict";
import { test } from "node:test";
import { array, assert as check, integer, oneof, property, record, uint8Array } from "fast-check";
import { clientFrame, closeCode, FrameReader, type ServerFrame } from "./web-socket-frames.ts";

/** A frame as a server sends it: not masked. */
function frame(opcode: number, payload: Uint8Array, first = 0x80): Buffer {
  const { length } = payload;
  const size = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const head = Buffer.alloc(size);
  head[0] = first | opcode;
  head[1] = size === 2 ? length : size === 4 ? 126 : 127;
  if (size === 4) head.writeUInt16BE(length, 2);
  if (size === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

function readIn(
  bytes: Buffer,
  cuts: readonly number[],
): { frames: ServerFrame[]; problem: string | undefined } {
  const reader = new FrameReader();
  const frames: ServerFrame[] = [];
  let from = 0;
  for (const cut of [...cuts.map((each) => each % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    frames.push(...reader.push(bytes.subarray(from, cut)));
    from = cut;
  }
  return { frames, problem: reader.problem };
}

test("wherever the bytes are cut, the frames are the same", () => {
  const control = record({ opcode: integer({ min: 8, max: 10 }), payload: uint8Array({ maxLength: 125 }) });
  const data = record({ opcode: integer({ min: 0, max: 2 }), payload: uint8Array({ maxLength: 70_000 }) });
  check(
    property(
      array(oneof(control, data), { maxLength: 6 }),
      array(integer({ min: 0, max: 200_000 }), { maxLength: 12 }),
      (frames, cuts) => {
        const bytes = Buffer.concat(frames.map(({ opcode, payload }) => frame(opcode, payload)));
        const expected = frames.map(({ opcode, payload }): ServerFrame => {
          if (opcode < 8) return { kind: "data" };
          if (opcode === 8)
            return { kind: "close", code: payload.length < 2 ? 1005 : Buffer.from(payload).readUInt16BE(0) };
          return { kind: opcode === 9 ? "ping" : "pong", payload: Buffer.from(payload) };
        });
        assert.deepEqual(readIn(bytes, cuts), { frames: expected, problem: undefined });
      },
    ),
    { numRuns: 60 },
  );
});

test("whatever comes, the reader ends, and reads nothing after what no server may send", () => {
  check(
    property(uint8Array({ maxLength: 300 }), (bytes) => {
      const reader = new FrameReader();
      reader.push(Buffer.from(bytes));
      if (reader.problem !== undefined) assert.deepEqual(reader.push(frame(9, Buffer.alloc(0))), []);
    }),
  );
  const masked = clientFrame("ping");
  for (const [bytes, problem] of [
    [masked, /masked/],
    [frame(9, Buffer.alloc(0), 0xc0), /reserved/],
    [frame(9, Buffer.alloc(0), 0), /too long or in parts/],
    [frame(8, Buffer.alloc(126)), /too long/],
    [frame(3, Buffer.alloc(0)), /opcode 3/],
    [frame(11, Buffer.alloc(0)), /opcode 11/],
  ] as const)
    assert.match(readIn(bytes, []).problem ?? "", problem);
});

test("what a client sends is masked", () => {
  const mask = Buffer.from([1, 2, 3, 4]);
  assert.deepEqual(
    clientFrame("close", closeCode(1001), mask),
    Buffer.from([0x88, 0x82, 1, 2, 3, 4, 0x03 ^ 1, 0xe9 ^ 2]),
  );
  assert.deepEqual(clientFrame("ping", undefined, mask), Buffer.from([0x89, 0x80, 1, 2, 3, 4]));
});
