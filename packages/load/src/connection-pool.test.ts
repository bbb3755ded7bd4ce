import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Connection } from "./connection.ts";
import { ConnectionPool } from "./connection-pool.ts";

/** The pool only keeps connections and compares them. */
const connection = (name: string): Connection => ({ name }) as unknown as Connection;

describe("ConnectionPool", () => {
  const a = connection("a");
  const b = connection("b");

  it("fills up before it uses a connection again, and then takes turns", () => {
    const pool = new ConnectionPool(2);
    assert.equal(pool.take(), undefined);
    pool.add(a);
    assert.equal(pool.giveBack(a), "member");
    assert.equal(pool.take(), undefined, "the second of two is to be opened");
    pool.add(b);
    pool.giveBack(b);
    const turns = [pool.take(), pool.take(), pool.take()];
    assert.deepEqual(turns, [a, b, undefined]);
  });

  it("uses a spare connection only while every member is busy, or in the place of one that is gone", () => {
    const pool = new ConnectionPool(1);
    for (const each of [a, b]) pool.add(each);
    assert.equal(pool.giveBack(b), "spare");
    assert.equal(pool.take(), b, "the member is busy");
    pool.giveBack(b);
    pool.giveBack(a);
    assert.equal(pool.take(), a);
    pool.drop(a);
    assert.equal(pool.take(), b);
    assert.equal(pool.giveBack(b), "member");
  });

  it("counts a connection that is still being dialed, so that dead pods do not make it open one after the other", () => {
    const pool = new ConnectionPool(2);
    const place = {};
    pool.add(a);
    pool.giveBack(a);
    assert.equal(pool.take(), undefined, "the second of two is to be opened");
    pool.hold(place);
    assert.equal(pool.take(), a, "nothing is left to open");
    pool.giveBack(a);
    pool.letGo(place);
    assert.equal(pool.take(), undefined, "the dial failed: its place is free");
  });
});
