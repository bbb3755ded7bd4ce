import assert from "node:assert/strict";
import { test } from "node:test";
import { deepFreeze } from "./deep-freeze.ts";

test("lists and plain objects are frozen however deep, in circles, too", () => {
  const value = { a: [{ b: 1 }], [Symbol.for("c")]: { d: 2 }, self: undefined as unknown };
  value.self = value;
  assert.equal(deepFreeze(value), value);
  for (const each of [value, value.a, value.a[0], value[Symbol.for("c")]]) assert.ok(Object.isFrozen(each));
});

test("what is under something frozen already is frozen, too", () => {
  const inner = { a: 1 };
  deepFreeze(Object.freeze({ inner }));
  assert.ok(Object.isFrozen(inner));
});

test("what has a life of its own stays as it is, and no getter is called", () => {
  class Router {
    routes: string[] = [];
  }
  const value = { map: new Map(), buffer: Buffer.from("a"), router: new Router(), regex: /a/ };
  Object.defineProperty(value, "late", { get: () => assert.fail("called") });
  deepFreeze(value);
  value.router.routes.push("/a");
  value.buffer[0] = 1;
  assert.ok(!Object.isFrozen(value.router) && !Object.isFrozen(value.map));
});

test("what is no object is given back", () => {
  for (const value of [undefined, null, 1, "a"]) assert.equal(deepFreeze(value), value);
});

test("a very deep value does not overflow the stack", () => {
  let value: object = {};
  for (let depth = 0; depth < 100_000; depth += 1) value = { value };
  assert.ok(Object.isFrozen(deepFreeze(value)));
});
