import assert from "node:assert/strict";
import { test } from "node:test";
import { grpcCall, grpcMethodPattern } from "./grpc-call.ts";

test("a call is a POST to its method's name, with a frame around its message", () => {
  const { method, path, headers, body, grpc } = grpcCall("shop.Carts/Get", Buffer.from("abc"), [["a", "b"]]);
  assert.deepEqual([method, path, grpc], ["POST", "/shop.Carts/Get", true]);
  assert.deepEqual(headers, [
    ["te", "trailers"],
    ["content-type", "application/grpc"],
    ["a", "b"],
  ]);
  assert.deepEqual(body, Buffer.from([0, 0, 0, 0, 3, 0x61, 0x62, 0x63]));
  assert.deepEqual(grpcCall("a.B/C").body, Buffer.alloc(5));
});

test("a method has a service and a name", () => {
  for (const name of ["grpc.health.v1.Health/Check", "Greeter/SayHello", "a_b.C/d_1"])
    assert.match(name, grpcMethodPattern);
  for (const name of ["/a.B/C", "a.B", "a.B/", "a.B/C/D", "a.B/C?x", "a.B /C", "1a/B", ""])
    assert.doesNotMatch(name, grpcMethodPattern);
});
