import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConnectionPool, type Pooled } from "./connection-pool.ts";

interface Fake extends Pooled {
  hasRoom: boolean;
  readonly name: string;
}

const fake = (name: string): Fake => ({ name, hasRoom: true, isMember: false, isQueued: false });

describe("ConnectionPool", () => {
  it("fills up before it uses a connection again, and then takes turns", () => {
    const [a, b] = [fake("a"), fake("b")];
    const pool = new ConnectionPool<Fake>(2);
    assert.equal(pool.take(), undefined);
    pool.add(a);
    assert.equal(pool.giveBack(a), "member");
    assert.equal(pool.take(), undefined, "the second of two is to be opened");
    pool.add(b);
    pool.giveBack(b);
    assert.deepEqual([pool.take(), pool.take(), pool.take()], [a, b, undefined]);
  });

  it("uses a spare connection only while every member is busy, or in the place of one that is gone", () => {
    const [a, b] = [fake("a"), fake("b")];
    const pool = new ConnectionPool<Fake>(1);
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
    const a = fake("a");
    const pool = new ConnectionPool<Fake>(2);
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

  it("passes over what has ended while it rested", () => {
    const all = Array.from({ length: 40 }, (_, i) => fake(String(i)));
    const pool = new ConnectionPool<Fake>(40);
    for (const each of all) pool.add(each);
    for (const each of all) pool.giveBack(each);
    for (const each of all) each.hasRoom = Number(each.name) % 10 === 3;
    assert.deepEqual(
      [pool.take(), pool.take(), pool.take(), pool.take(), pool.take()].map((each) => each?.name),
      ["3", "13", "23", "33", undefined],
    );
  });

  it("does not keep those that end again and again while one lives on", () => {
    const pool = new ConnectionPool<Fake>(2);
    const lasting = fake("lasting");
    pool.add(lasting);
    pool.giveBack(lasting);
    for (let i = 0; i < 5_000; i++) {
      const short = fake(`short ${i}`);
      assert.equal(pool.take(), undefined);
      pool.add(short);
      pool.giveBack(short);
      short.hasRoom = false;
      pool.drop(short);
    }
    const full = fake("full");
    pool.add(full);
    assert.equal(pool.take(), lasting);
  });

  it("never hands out a connection twice, nor more members than its size", () => {
    const pool = new ConnectionPool<Fake>(3);
    const busy = new Set<Fake>();
    const known = new Set<Fake>();
    let random = 7;
    for (let i = 0; i < 20_000; i++) {
      random = Math.imul(random, 1_103_515_245) + 12_345;
      const draw = (random >>> 16) % 4;
      const [some] = busy;
      if (draw < 2 || some === undefined) {
        let taken = pool.take();
        if (taken === undefined) {
          taken = fake(String(i));
          known.add(taken);
          pool.add(taken);
        }
        assert.ok(!busy.has(taken));
        busy.add(taken);
      } else if (draw === 2) {
        busy.delete(some);
        pool.giveBack(some);
      } else {
        busy.delete(some);
        some.hasRoom = false;
        pool.drop(some);
        known.delete(some);
      }
      assert.ok([...known].filter(({ isMember }) => isMember).length <= 3);
    }
  });
});
