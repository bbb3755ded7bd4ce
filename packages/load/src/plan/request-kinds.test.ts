import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { RequestTemplate } from "./plan.ts";
import { mostKinds, otherKinds, requestKinds } from "./request-kinds.ts";

test("a single request has no kind; several are told by method and path, without the query", () => {
  assert.equal(requestKinds([{ method: "GET" }]).size, 0);
  const requests: RequestTemplate[] = [
    { method: "GET", path: "/search?q=a" },
    { method: "GET", path: "/search?q=b" },
    { method: "POST", path: "/orders" },
    { method: "GET" },
  ];
  const kinds = requestKinds(requests);
  assert.deepEqual(
    requests.map((request) => kinds.get(request)),
    ["GET /search", "GET /search", "POST /orders", "GET"],
  );
});

test("however many requests there are, the kinds are few, and every request has one", () => {
  const request = fc.record({
    method: fc.constantFrom("GET", "PUT"),
    path: fc.nat(100).map((n) => `/${n}`),
    weight: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(request, { minLength: 2, maxLength: 200 }), (requests) => {
      const kinds = requestKinds(requests);
      const names = new Set(requests.map((each) => kinds.get(each)));
      assert.ok(!names.has(undefined));
      names.delete(otherKinds);
      assert.ok(names.size <= mostKinds);
    }),
  );
});
