import assert from "node:assert/strict";
import { test } from "node:test";
import { assert as check, property, string } from "fast-check";
import { AnswerHead } from "./answer-head.ts";
import { grpcCode, grpcStatusOf, isGrpcAnswer, statusName } from "./grpc-status.ts";

const head = (headers: Readonly<Record<string, string>>) =>
  new AnswerHead(200, new Map(Object.entries(headers)), true);
const trailers = (fields: Readonly<Record<string, string>>) => new Map(Object.entries(fields));

test("the status of a call stands in the trailers, or in the head of an answer without any", () => {
  const given = head({ "content-type": "application/grpc", "grpc-status": "5", "grpc-message": "no cart" });
  assert.deepEqual(grpcStatusOf(given, undefined), { code: 5, message: "no cart" });
  assert.deepEqual(grpcStatusOf(given, trailers({ "grpc-status": "0" })), { code: 0, message: "" });
  assert.equal(grpcStatusOf(given, trailers({ "grpc-message": "bye" })), undefined);
  assert.equal(grpcStatusOf(head({}), undefined), undefined);
});

test("a status that gRPC does not know is UNKNOWN, and says what it was", () => {
  for (const text of ["17", "200", "-1", "OK", "", "0x0", "1e0"])
    assert.deepEqual(grpcStatusOf(head({ "grpc-status": text, "grpc-message": "" }), undefined), {
      code: 2,
      message: `grpc-status ${text}`,
    });
});

test("a message is decoded, whatever stands in it", () => {
  const messageOf = (text: string) =>
    grpcStatusOf(head({ "grpc-status": "14", "grpc-message": text }), undefined)?.message;
  check(
    property(string({ unit: "grapheme" }), (text) => {
      assert.equal(messageOf(encodeURIComponent(text)), text);
    }),
  );
  assert.equal(messageOf("100 % full"), "100 % full");
});

test("an answer of gRPC says so by its type", () => {
  const isOne = (type: string) => isGrpcAnswer(head({ "content-type": type }));
  for (const type of ["application/grpc", "application/grpc+proto", "application/grpc;charset=x"])
    assert.ok(isOne(type), type);
  for (const type of ["application/grpc-web", "text/html", "", "xapplication/grpc"])
    assert.ok(!isOne(type), type);
  assert.ok(!isGrpcAnswer(head({})));
});

test("codes have names, and statuses of HTTP have none", () => {
  assert.deepEqual([statusName(0), statusName(14), statusName(404)], ["OK", "UNAVAILABLE", "404"]);
  assert.deepEqual(["OK", "NOT_FOUND", "16", "17", "ok", "-1", "1.0", ""].map(grpcCode), [
    0,
    5,
    16,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
