import assert from "node:assert/strict";
import { test } from "node:test";
import { BodyReader } from "./body-reader.ts";
import { inChunks, untilClose } from "./http1-head.ts";

test("a reader reads one body after the other, of whatever kind, and says where each one ends", () => {
  let text = "";
  const reader = new BodyReader((bytes, from, to) => {
    text += Buffer.from(bytes.subarray(from, to)).toString();
  });
  const read = (length: number, latin1: string) => {
    text = "";
    reader.begin(length);
    const bytes = Buffer.from(latin1);
    return { used: reader.push(bytes, 0, bytes.length), text, done: reader.done, problem: reader.problem };
  };
  assert.deepEqual(read(3, "abcGET"), { used: 3, text: "abc", done: true, problem: undefined });
  assert.deepEqual(read(untilClose, "abc"), { used: 3, text: "abc", done: false, problem: undefined });
  reader.end();
  assert.equal(reader.done, true);
  const chunks = "2\r\nab\r\n1\r\nc\r\n0\r\nx-sum: 1\r\n\r\n";
  assert.deepEqual(read(inChunks, `${chunks}GET`), {
    used: chunks.length,
    text: "abc",
    done: true,
    problem: undefined,
  });
  assert.equal(read(inChunks, "2\r\nabc").problem, "a chunk is longer than its size says");
  // What a body of before was delimited by says nothing of this one.
  read(untilClose, "abc");
  read(inChunks, "2\r\nab");
  reader.end();
  assert.equal(reader.done, false);
});
