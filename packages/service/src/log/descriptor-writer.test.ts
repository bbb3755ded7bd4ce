import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { DescriptorWriter, type Writing } from "./descriptor-writer.ts";

type Done = (error: NodeJS.ErrnoException | null, written: number) => void;

/** A file descriptor that takes what a script says: so many bytes, or an error. Takes all when the script is over. */
function scripted(script: (number | string)[]) {
  let text = "";
  const pending: (() => void)[] = [];
  const take = (chunk: Buffer, from: number): number => {
    const step = script.shift() ?? chunk.length;
    if (typeof step === "string") throw Object.assign(new Error(step), { code: step });
    const bytes = Math.min(step, chunk.length - from);
    text += chunk.toString("latin1", from, from + bytes);
    return bytes;
  };
  const writing = {
    write(_fd: number, chunk: Buffer, from: number, _length: number, _position: null, done: Done) {
      pending.push(() => {
        let written = 0;
        try {
          written = take(chunk, from);
        } catch (error) {
          return done(error as NodeJS.ErrnoException, 0);
        }
        return done(null, written);
      });
    },
    writeSync: (_fd: number, chunk: Buffer, from: number) => take(chunk, from),
  } as unknown as Writing;
  /** Lets the other thread end the write that it has under way. */
  const settle = (): void => {
    for (let step = pending.shift(); step !== undefined; step = pending.shift()) step();
  };
  return { writing, settle, text: () => text };
}

const unlimited = { mostBytes: Infinity, onDrop: () => assert.fail("nothing is to be dropped") };

test("however little is taken at a time, all is written in order, by the loop and at the end", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const step = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant("EAGAIN"));
  const action = fc.oneof(
    fc.constant("settle"),
    fc.constant("tick"),
    fc.string({ minLength: 1, maxLength: 9 }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.array(action, { maxLength: 20 }), (steps, actions) => {
      const descriptor = scripted(steps.slice());
      const writer = new DescriptorWriter(1, unlimited, descriptor.writing);
      let given = "";
      for (const each of actions) {
        if (each === "settle") descriptor.settle();
        else if (each === "tick") t.mock.timers.tick(50);
        else {
          given += Buffer.from(each).toString("latin1");
          writer.write(Buffer.from(each));
        }
      }
      // The last write must not repeat what another thread has under way.
      descriptor.settle();
      writer.writeSync(Buffer.from("last"));
      assert.equal(descriptor.text(), `${given}last`);
    }),
  );
});

test("a flush calls back when the last byte has been written, and at once when none waits", () => {
  const descriptor = scripted([2, 1]);
  const writer = new DescriptorWriter(1, unlimited, descriptor.writing);
  const seen: string[] = [];
  writer.flush(() => seen.push("nothing"));
  writer.write(Buffer.from("abcd"));
  writer.write(Buffer.from("ef"));
  writer.flush(() => seen.push(descriptor.text()));
  assert.deepEqual(seen, ["nothing"]);
  descriptor.settle();
  assert.deepEqual(seen, ["nothing", "abcdef"]);
});

test("what waits beyond the limit is dropped, and what came before it is not", () => {
  const descriptor = scripted([]);
  const dropped: string[] = [];
  const onDrop = (chunk: Buffer): void => void dropped.push(chunk.toString());
  const writer = new DescriptorWriter(1, { mostBytes: 4, onDrop }, descriptor.writing);
  for (const text of ["ab", "cd", "e"]) writer.write(Buffer.from(text));
  descriptor.settle();
  writer.write(Buffer.from("fghi"));
  descriptor.settle();
  assert.deepEqual([descriptor.text(), dropped], ["abcdfghi", ["e"]]);
});

test("without a reader the writer goes on, by the loop and at the end", () => {
  const descriptor = scripted(["EPIPE", 1, "EPIPE", "EPIPE"]);
  const writer = new DescriptorWriter(1, unlimited, descriptor.writing);
  for (const text of ["ab", "cd"]) writer.write(Buffer.from(text));
  descriptor.settle();
  let flushed = false;
  writer.flush(() => (flushed = true));
  writer.writeSync(Buffer.from("ef"));
  assert.deepEqual([descriptor.text(), flushed], ["c", true]);
});
