import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../../random.ts";
import { fakeClock } from "../../testing/fake-clock.ts";
import type { EndpointState } from "../endpoints/endpoint-state.ts";
import { createConnectionTracking } from "./connection-tracking.ts";

const gone = { ip: "10.0.0.1", port: 8080 } as EndpointState;

/** How many of as many connections as the ports last for go to the pod that did not answer `unanswered` of them. */
function stuckOf(unanswered: number, afterMs = 0, flow = "client web:80"): number {
  const clock = fakeClock();
  const tracking = createConnectionTracking(clock, seededRandom(3));
  for (let count = 0; count < unanswered; count += 1)
    tracking.open("client web:80").unanswered(gone, clock.now());
  clock.advance(afterMs);
  const opened = Array.from({ length: 14_116 }, () => tracking.open(flow));
  return opened.filter(({ endpoint }) => endpoint === gone).length;
}

test("a port whose first packet nobody answered leads to the same pod for two minutes", () => {
  assert.equal(stuckOf(0), 0);
  const stuck = stuckOf(100);
  // In 14,116 connections each port comes about once.
  assert.ok(stuck > 50 && stuck < 150, String(stuck));
  assert.equal(stuckOf(100, 119_999) > 0, true);
  assert.equal(stuckOf(100, 120_000), 0);
});

test("other clients and other Services have ports of their own", () => {
  assert.equal(stuckOf(100, 0, "another web:80"), 0);
  assert.equal(stuckOf(100, 0, "client api:80"), 0);
});

test("a client comes round its ports after some 3,000 connections", () => {
  const clock = fakeClock();
  const tracking = createConnectionTracking(clock, seededRandom(5));
  tracking.open("client web:80").unanswered(gone, clock.now());
  let opened = 0;
  while (tracking.open("client web:80").endpoint === undefined) opened += 1;
  assert.ok(opened > 2_500, String(opened));
});
