import assert from "node:assert/strict";
import { test } from "node:test";
import { createPlan, targetOf } from "../plan/create-plan.ts";
import { exampleFailure, exampleReport } from "../testing/example-report.ts";
import { failuresCsv } from "./failures-csv.ts";

const plan = createPlan({
  targets: [targetOf("http://127.0.0.1:8080/")],
  pace: { kind: "closed", concurrency: 1, durationMs: 1000 },
  recordHeaders: ["x-pod-name"],
});

test("a line for each failure below the titles, each ended by CRLF", () => {
  const failures = [
    exampleFailure({ previous: { "x-pod-name": "shop-1" } }),
    exampleFailure({
      class: "bad-status",
      status: 503,
      detail: 'said "no", twice',
      peer: "10.0.0.7:80",
      headers: { "x-pod-name": "shop-2" },
    }),
  ];
  assert.deepEqual(failuresCsv(exampleReport({ failures }), plan).split("\r\n"), [
    "intendedAt,sentMs,durationMs,class,target,client,method,request,status,reusedConnection,detail,peer,x-pod-name,previous x-pod-name",
    "2026-01-02T03:04:07.178Z,0.25,3.125,reset-before-answer,127.0.0.1:8080,keep-alive,GET,,,true,ECONNRESET,,,shop-1",
    '2026-01-02T03:04:07.178Z,0.25,3.125,bad-status,127.0.0.1:8080,keep-alive,GET,,503,true,"said ""no"", twice",10.0.0.7:80,shop-2,',
    "",
  ]);
});

test("what a spreadsheet would run as a formula is text", () => {
  for (const evil of ["=1+1", "+1", "-1", "@x", "\tx", "\r=x"]) {
    const failures = [exampleFailure({ detail: evil })];
    const [, line = ""] = failuresCsv(exampleReport({ failures }), plan).split("\r\n");
    assert.ok(line.includes(`'${evil}`), JSON.stringify(line));
  }
});

test("no failure leaves the titles alone", () => {
  assert.equal(failuresCsv(exampleReport(), plan).split("\r\n").length, 2);
});
