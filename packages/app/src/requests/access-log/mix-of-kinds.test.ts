import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { mostRequests } from "../found-mix.ts";
import { mixOfKinds } from "./mix-of-kinds.ts";
import type { RequestKind } from "./request-tally.ts";

const kind = (counts: Readonly<Record<string, number>>, more: Partial<RequestKind> = {}): RequestKind => ({
  method: "GET",
  host: undefined,
  count: Object.values(counts).reduce((sum, count) => sum + count, 0),
  paths: Object.entries(counts).map(([path, count]) => ({ path, count, refusals: new Map() })),
  ...more,
});

const weightsOf = (kinds: readonly RequestKind[]) =>
  Object.fromEntries(mixOfKinds(kinds).requests.map(({ path, weight }) => [path, weight]));

test("few requests have their counts as shares, many their proportions", () => {
  assert.deepEqual(weightsOf([kind({ "/a": 6 }), kind({ "/b": 3 })]), { "/a": 6, "/b": 3 });
  assert.deepEqual(weightsOf([kind({ "/a": 6_000_000 }), kind({ "/b": 2_000_000 })]), {
    "/a": 750,
    "/b": 250,
  });
});

test("a kind has its share also where few of its paths are asked", () => {
  const orders = kind({ "/orders/1": 2, "/orders/2": 1, "/orders/3": 1 }, { count: 9_000 });
  assert.deepEqual(weightsOf([orders, kind({ "/": 1_000 })]), {
    "/": 100,
    "/orders/1": 450,
    "/orders/2": 225,
    "/orders/3": 225,
  });
});

test("what is rarer than half a share is left out, and the others are not thinned for it", () => {
  const { requests, covered } = mixOfKinds([kind({ "/": 9_996 }), kind({ "/a": 3 }), kind({ "/b": 1 })]);
  assert.deepEqual([requests.map(({ path }) => path), covered], [["/"], 9_996]);
});

test("refusals that are usual for a path are good for it, and accidents and 5xx are not", () => {
  const paths = [
    { path: "/gone", count: 100, refusals: new Map([[404, 100]]) },
    {
      path: "/me",
      count: 100,
      refusals: new Map([
        [401, 10],
        [404, 9],
      ]),
    },
    {
      path: "/busy",
      count: 100,
      refusals: new Map([
        [429, 50],
        [499, 50],
        [408, 20],
      ]),
    },
  ];
  assert.deepEqual(
    mixOfKinds([kind({}, { count: 300, paths })]).requests.map(({ path, status }) => [path, status]),
    [
      [
        "/gone",
        [
          [200, 399],
          [404, 404],
        ],
      ],
      [
        "/me",
        [
          [200, 399],
          [401, 401],
        ],
      ],
      ["/busy", undefined],
    ],
  );
});

test("whatever was counted, shares are whole, few enough, and those of kinds are kept", () => {
  const counts = fc.array(fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 16 }), {
    minLength: 1,
    maxLength: 300,
  });
  fc.assert(
    fc.property(counts, (given) => {
      const kinds = given
        .map((paths, at) =>
          kind(
            Object.fromEntries(
              paths.toSorted((a, b) => b - a).map((count, index) => [`/${at}/${index}`, count]),
            ),
          ),
        )
        .toSorted((left, right) => right.count - left.count);
      const { requests, covered } = mixOfKinds(kinds);
      const total = kinds.reduce((sum, { count }) => sum + count, 0);
      assert.ok(requests.length <= mostRequests && covered <= total);
      assert.ok(requests.every(({ weight }) => Number.isInteger(weight) && weight >= 1 && weight <= 1_000));
      const weights = requests.reduce((sum, { weight }) => sum + weight, 0);
      for (const { count, paths } of kinds.slice(0, 3)) {
        const own = new Set(paths.map(({ path }) => path));
        const weight = requests
          .filter(({ path }) => own.has(path))
          .reduce((sum, each) => sum + each.weight, 0);
        if (count * 10 > total)
          assert.ok(Math.abs(weight / weights - count / covered) < 0.1, `${weight} of ${weights}`);
      }
    }),
    { numRuns: 50 },
  );
});
