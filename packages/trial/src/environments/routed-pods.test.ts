import assert from "node:assert/strict";
import { test } from "node:test";
import type { SeenEndpoint } from "@seaworthy/cluster";
import { RoutedPods } from "./routed-pods.ts";

const signal = new AbortController().signal;

function heard(
  routed: RoutedPods,
  by: SeenEndpoint["by"],
  ip: string,
  ready = true,
  service = "default/shop",
) {
  routed.heard({ at: 0, by, service, ip, ready });
}

/** Whether it was over before the time that is given. */
async function isOver(waiting: Promise<void>): Promise<boolean> {
  return await Promise.race([
    waiting.then(() => true),
    new Promise<false>((resolve) => setImmediate(() => resolve(false))),
  ]);
}

test("a pod is routed to when both the rules of Services and the edge have it", async () => {
  const routed = new RoutedPods();
  heard(routed, "services", "10.244.0.1");
  const waiting = routed.untilAll(["10.244.0.1", "10.244.0.2"], 60_000, signal);
  heard(routed, "edge", "10.244.0.1");
  heard(routed, "services", "10.244.0.2");
  assert.equal(await isOver(waiting), false);
  heard(routed, "edge", "10.244.0.2");
  assert.equal(await isOver(waiting), true);
  assert.equal(await isOver(routed.untilAll(["10.244.0.2"], 60_000, signal)), true);
});

test("an address that was another pod's before is waited for again, and one Service of several will do", async () => {
  const routed = new RoutedPods();
  for (const by of ["services", "edge"] as const) {
    heard(routed, by, "10.244.0.1");
    heard(routed, by, "10.244.0.1", true, "default/shop-admin");
    heard(routed, by, "10.244.0.1", false, "default/shop-admin");
  }
  assert.equal(await isOver(routed.untilAll(["10.244.0.1"], 60_000, signal)), true);
  heard(routed, "edge", "10.244.0.1", false);
  const waiting = routed.untilAll(["10.244.0.1"], 60_000, signal);
  assert.equal(await isOver(waiting), false);
  heard(routed, "edge", "10.244.0.1");
  assert.equal(await isOver(waiting), true);
});

test("what is never heard of is waited for as long as it may take", async () => {
  await new RoutedPods().untilAll(["10.244.0.1"], 1, signal);
});

test("a pod is not routed to any more when neither has it", async () => {
  const routed = new RoutedPods();
  for (const by of ["services", "edge"] as const) heard(routed, by, "10.244.0.1");
  heard(routed, "services", "10.244.0.1", false);
  const waiting = routed.untilNone(["10.244.0.1", "10.244.0.9"], 60_000, signal);
  assert.equal(await isOver(waiting), false);
  heard(routed, "edge", "10.244.0.1", false);
  assert.equal(await isOver(waiting), true);
});
