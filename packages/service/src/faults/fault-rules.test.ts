import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { SeaworthyError } from "@seaworthy/errors";
import { createFaultDrawer } from "./fault-drawer.ts";
import { parseFaultRules, type FaultRule } from "./fault-rules.ts";
import { seededRandom } from "./random.ts";

test("rules that are right come back as they are", () => {
  const rules: FaultRule[] = [
    { path: "/api/*", delay: "normal(200,50)", delayPercent: 12.5 },
    { path: "/", delay: 250, errorPercent: 60, errorStatuses: [429], abortPercent: 40 },
    {},
  ];
  assert.deepEqual(parseFaultRules(rules), rules);
});

test("each mistake is named with its place", () => {
  const mistakes: [unknown, string][] = [
    ["x", "faults"],
    [Array.from({ length: 101 }, () => ({})), "faults"],
    [[null], "faults[0]"],
    [[{}, { dealy: 5 }], "faults[1].dealy"],
    [[{ path: "api" }], "faults[0].path"],
    [[{ path: "/a*/b" }], "faults[0].path"],
    [[{ delay: "soon" }], "faults[0].delay"],
    [[{ delay: null }], "faults[0].delay"],
    [[{ delayPercent: 101 }], "faults[0].delayPercent"],
    [[{ errorPercent: "5" }], "faults[0].errorPercent"],
    [[{ abortPercent: Number.NaN }], "faults[0].abortPercent"],
    [[{ errorPercent: 60, abortPercent: 41 }], "faults[0].abortPercent"],
    [[{ errorStatuses: [] }], "faults[0].errorStatuses"],
    [[{ errorStatuses: [200] }], "faults[0].errorStatuses"],
  ];
  for (const [input, field] of mistakes) {
    assert.throws(
      () => parseFaultRules(input),
      (error) => error instanceof SeaworthyError && error.code === "SW8001" && error.details.field === field,
      field,
    );
  }
});

test("JSON of any kind is either taken or refused, and what is taken can be drawn from", () => {
  const values = fc.oneof(fc.jsonValue(), fc.integer(), fc.constantFrom("/a*", "0..9", [503]));
  const keys = fc.constantFrom(
    "path",
    "delay",
    "delayPercent",
    "errorPercent",
    "errorStatuses",
    "abortPercent",
  );
  fc.assert(
    fc.property(fc.array(fc.dictionary(keys, values)), (input) => {
      try {
        for (const rule of parseFaultRules(input)) createFaultDrawer(rule, seededRandom(1)).draw();
      } catch (error) {
        assert.ok(error instanceof SeaworthyError, String(error));
      }
    }),
  );
});

test("a path matches itself; with a star what begins with it; without a path everything", () => {
  const matched = (rule: FaultRule): string[] =>
    ["/api", "/api/", "/api/users", "/other"].filter((path) =>
      createFaultDrawer(rule, Math.random).matches(path),
    );
  assert.deepEqual(matched({ path: "/api" }), ["/api"]);
  assert.deepEqual(matched({ path: "/api/*" }), ["/api/", "/api/users"]);
  assert.deepEqual(matched({}), ["/api", "/api/", "/api/users", "/other"]);
});

test("delays, errors and aborts strike as often as asked, each status as often as the others", () => {
  const rule = { delay: 5, delayPercent: 50, errorPercent: 30, errorStatuses: [500, 503], abortPercent: 10 };
  const drawer = createFaultDrawer(rule, seededRandom(3));
  const counts = new Map<unknown, number>();
  const draws = 20_000;
  for (let draw = 0; draw < draws; draw += 1) {
    const fault = drawer.draw();
    counts.set(fault?.strike, (counts.get(fault?.strike) ?? 0) + 1);
    if (fault?.delayMs === 5) counts.set("delay", (counts.get("delay") ?? 0) + 1);
  }
  const shares = { delay: 0.5, abort: 0.1, 500: 0.15, 503: 0.15 };
  for (const [kind, share] of Object.entries(shares)) {
    const counted = counts.get(Number(kind)) ?? counts.get(kind) ?? 0;
    assert.ok(Math.abs(counted / draws - share) < 0.01, `${kind} ${counted}`);
  }
});
