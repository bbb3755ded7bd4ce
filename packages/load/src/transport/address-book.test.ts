import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AddressBook } from "./address-book.ts";

const via = { kind: "tcp", host: "app", port: 80, addresses: ["10.0.0.1", "10.0.0.2"] } as const;
const never = async (): Promise<string[]> => await Promise.reject(new Error("not to be asked"));

describe("AddressBook", () => {
  it("goes to the first address, or to each in turn", () => {
    const first = new AddressBook({ family: 0, use: "first" }, never, () => 0);
    assert.deepEqual([first.next(via), first.next(via)], ["10.0.0.1", "10.0.0.1"]);
    const all = new AddressBook({ family: 0, use: "all" }, never, () => 0);
    assert.deepEqual([all.next(via), all.next(via), all.next(via)], ["10.0.0.1", "10.0.0.2", "10.0.0.1"]);
  });

  it("leaves a name that is looked up for each connection to the connect", () => {
    const book = new AddressBook({ family: 0, use: "first", againAfterMs: 0 }, never, () => 0);
    assert.equal(book.next(via), "app");
  });

  it("asks again when its time is over, and goes on with what it knew while nobody answers", async () => {
    let now = 0;
    const asked: (() => void)[] = [];
    const answers = [async () => await Promise.reject(new Error("away")), async () => ["10.0.0.9"]];
    const lookup = async (): Promise<readonly string[]> => {
      await new Promise<void>((resolve) => asked.push(resolve));
      return await (answers.shift()?.() ?? []);
    };
    const book = new AddressBook({ family: 4, use: "first", againAfterMs: 1_000 }, lookup, () => now);
    const settle = async (): Promise<void> => {
      asked.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    assert.equal(book.next(via), "10.0.0.1");
    now = 1_000;
    assert.equal(book.next(via), "10.0.0.1");
    assert.equal(book.next(via), "10.0.0.1", "asked once");
    assert.equal(asked.length, 1);
    await settle();
    assert.equal(book.next(via), "10.0.0.1");
    now = 2_000;
    book.next(via);
    await settle();
    assert.equal(book.next(via), "10.0.0.9");
  });
});
