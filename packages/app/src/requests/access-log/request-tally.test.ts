import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { LoggedRequest } from "./logged-request.ts";
import { createRequestTally, tallyLimits } from "./request-tally.ts";

const asked = (path: string, more: Partial<LoggedRequest> = {}): LoggedRequest => ({
  method: "GET",
  path,
  host: undefined,
  status: 200,
  agent: undefined,
  ...more,
});

test("paths count, with what they were refused with, by kind", () => {
  const tally = createRequestTally();
  for (const path of ["/orders/1", "/orders/2", "/", "/orders/1"]) tally.add(asked(path));
  tally.add(asked("/orders/1", { status: 404 }));
  tally.add(asked("/orders/1", { status: 503 }));
  tally.add(asked("/", { host: "shop.example" }));
  assert.deepEqual(tally.kinds(), [
    {
      method: "GET",
      host: undefined,
      count: 5,
      paths: [
        { path: "/orders/1", count: 4, refusals: new Map([[404, 1]]) },
        { path: "/orders/2", count: 1, refusals: new Map() },
      ],
    },
    { method: "GET", host: undefined, count: 1, paths: [{ path: "/", count: 1, refusals: new Map() }] },
    { method: "GET", host: "shop.example", count: 1, paths: [{ path: "/", count: 1, refusals: new Map() }] },
  ]);
});

test("whatever is asked, no more is remembered than the limits, and what is frequent stays", () => {
  const limits = { kinds: 8, paths: 4 };
  const rare = fc.tuple(fc.nat(200), fc.nat(200)).map(([kind, id]) => `/k${kind}/${id}`);
  fc.assert(
    fc.property(fc.array(rare, { maxLength: 400 }), (paths) => {
      const tally = createRequestTally(limits);
      for (const path of paths) {
        tally.add(asked(path));
        tally.add(asked("/often/7"));
      }
      const kinds = tally.kinds();
      assert.ok(kinds.length <= limits.kinds);
      assert.ok(kinds.every((kind) => kind.paths.length <= limits.paths && kind.paths.length > 0));
      const often = kinds.find((kind) => kind.paths[0]?.path === "/often/7");
      assert.equal(often?.count ?? 0, paths.length);
    }),
  );
});

test("a kind that is asked late, after more kinds than are remembered, is still the most frequent", () => {
  const tally = createRequestTally();
  for (let index = 0; index < tallyLimits.kinds * 2; index += 1) tally.add(asked(`/scan-${index}.php`));
  for (let index = 0; index < 5_000; index += 1) tally.add(asked(`/orders/${index}`));
  assert.equal(tally.kinds()[0]?.count, 5_000);
});
