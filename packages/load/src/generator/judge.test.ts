import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AnswerHead } from "../http/answer-head.ts";
import type { Expectation } from "../plan/plan.ts";
import { Judge } from "./judge.ts";

const head = (status: number, headers: Readonly<Record<string, string>> = {}): AnswerHead =>
  new AnswerHead(status, new Map(Object.entries(headers)), true);

const mine = (i: number): string => (i === 7 ? "mine" : "another's");

const anyTarget = {};

function judged(expect: Partial<Expectation>, answer: AnswerHead, body = "") {
  const judge = new Judge(
    { expect: { status: [[200, 299]], ...expect }, recordHeaders: ["x-pod-name"] },
    mine,
  );
  return judge.complete(answer, Buffer.from(body), 7, anyTarget);
}

describe("Judge", () => {
  it("takes the statuses that are expected, and no others", () => {
    const status = [
      [200, 204],
      [404, 404],
    ] as const;
    const classes = [200, 204, 404, 205, 403, 500].map((each) => judged({ status }, head(each)).class);
    assert.deepEqual(classes, ["ok", "ok", "ok", "bad-status", "bad-status", "bad-status"]);
  });

  it("takes the statuses of a target in place of the plan's, also when two targets give the same head", () => {
    const judge = new Judge({ expect: { status: [[200, 399]] }, recordHeaders: [] }, mine);
    const closed = { status: [[401, 401]] } as const;
    const answer = head(401);
    const none = Buffer.alloc(0);
    const classes = [closed, {}, closed, {}].map((target) => judge.complete(answer, none, 7, target).class);
    assert.deepEqual(classes, ["ok", "bad-status", "ok", "bad-status"]);
    assert.equal(judge.complete(head(200), none, 7, closed).class, "bad-status");
  });

  it("wants the headers that are expected, and says what they were", () => {
    const headers = [{ name: "X-Version", pattern: "^2\\." }, { name: "etag" }];
    assert.equal(judged({ headers }, head(200, { "x-version": "2.1", etag: "a" })).class, "ok");
    assert.deepEqual(judged({ headers }, head(200, { "x-version": "1.9", etag: "a" })), {
      class: "failed-expectation",
      status: 200,
      headers: undefined,
      detail: "x-version: 1.9",
    });
    assert.equal(judged({ headers }, head(200, { "x-version": "2.1" })).detail, "no header etag");
  });

  it("looks at a body only for the sake of an expectation", () => {
    assert.equal(new Judge({ expect: { status: [[200, 200]] }, recordHeaders: [] }, mine).keepBody, 0);
    const body = { contains: "ready" };
    assert.equal(judged({ body }, head(200), "all ready").class, "ok");
    assert.equal(judged({ body }, head(200), "starting").detail, 'the body does not contain "ready"');
    const pattern = { pattern: "^\\d+$" };
    assert.equal(judged({ body: pattern }, head(200), "12").class, "ok");
    assert.equal(judged({ body: pattern }, head(200), "12a").class, "failed-expectation");
    assert.equal(judged({ body }, head(500), "starting").class, "bad-status");
  });

  it("tells an answer to another request, whatever its status", () => {
    const echoHeader = "x-echo";
    assert.equal(judged({ echoHeader }, head(200, { "x-echo": "mine" })).class, "ok");
    assert.equal(judged({ echoHeader }, head(200)).class, "ok");
    const other = judged({ echoHeader }, head(500, { "x-echo": "another" }));
    assert.deepEqual(
      [other.class, other.detail],
      ["failed-expectation", "the answer is for the request another"],
    );
  });

  it("records the headers that are to be recorded, also of an answer that is not complete", () => {
    const judge = new Judge(
      { expect: { status: [[200, 200]] }, recordHeaders: ["x-pod-name", "x-version"] },
      mine,
    );
    const answer = head(503, { "x-pod-name": "pod-1", other: "a" });
    assert.deepEqual(judge.ofHead(answer).headers, { "x-pod-name": "pod-1" });
    assert.equal(judge.ofHead(head(200)).headers, undefined);
    assert.equal(judge.ofHead(answer), judge.ofHead(answer), "found out once");
  });

  it("judges a call of gRPC by its status, wherever that stands", () => {
    const judge = new Judge({ expect: { status: [[200, 399]] }, recordHeaders: ["x-pod-name"] }, mine);
    const type = { "content-type": "application/grpc", "x-pod-name": "shop-1" };
    const call = (answer: AnswerHead, trailers?: Readonly<Record<string, string>>) => {
      const lane = {
        status: [
          [0, 0],
          [5, 5],
        ],
        isCall: true,
      } as const;
      const fields = trailers === undefined ? undefined : new Map(Object.entries(trailers));
      return judge.complete(answer, Buffer.alloc(0), 7, lane, fields);
    };
    const seen = { headers: { "x-pod-name": "shop-1" }, detail: undefined };
    assert.deepEqual(call(head(200, type), { "grpc-status": "0" }), { class: "ok", status: 0, ...seen });
    assert.deepEqual(call(head(200, type), { "grpc-status": "5" }), { class: "ok", status: 5, ...seen });
    assert.deepEqual(call(head(200, { ...type, "grpc-status": "14", "grpc-message": "going%20away" })), {
      class: "bad-grpc-status",
      status: 14,
      headers: seen.headers,
      detail: "UNAVAILABLE: going away",
    });
    assert.deepEqual(call(head(200, type)), { class: "no-grpc-status", status: 200, ...seen });
    assert.equal(call(head(503, type), { "grpc-status": "0" }).class, "bad-status");
    assert.deepEqual(call(head(200, { "content-type": "text/html" }), { "grpc-status": "0" }), {
      class: "failed-expectation",
      status: 200,
      headers: undefined,
      detail: "content-type text/html",
    });
  });
});
