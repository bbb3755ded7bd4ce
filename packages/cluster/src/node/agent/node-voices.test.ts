import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type Lease } from "@seaworthy/kube";
import { startApi } from "../../apiserver/testing/start-api.ts";
import { settlingClock } from "../../testing/fake-clock.ts";
import { nodeObject } from "./node-object.ts";
import { startNodeVoices } from "./node-voices.ts";

test("every node renews its lease in time, also where timers are late", async () => {
  const { client } = await startApi();
  const metadata = { name: "kube-node-lease" };
  await client.create(resourceTypes.namespaces, { apiVersion: "v1", kind: "Namespace", metadata });
  const clock = settlingClock();
  const startedMs = clock.now();
  // A process that is busy calls back once a second, whatever it was asked for.
  const after = (delayMs: number, callback: () => void) =>
    clock.after(Math.max(1, Math.ceil(delayMs / 1000)) * 1000, callback);
  using voices = startNodeVoices({
    client,
    clock: { now: clock.now, after },
    leasePeriodMs: 10_000,
    nodes: { get: () => undefined },
    objectOf: (name) => nodeObject(name, 1, "v1.36.3", clock.now(), { name: "shim" }),
  });
  for (let index = 0; index < 50; index += 1) await voices.register(`node-${index}`);
  await clock.advance(30_000);
  const { items } = await client.list<Lease>(resourceTypes.leases, { namespace: "kube-node-lease" });
  const oldest = Math.min(...items.map(({ spec }) => Date.parse(spec?.renewTime ?? "")));
  assert.equal(items.length, 50);
  assert.ok(oldest >= startedMs + 18_000, `a lease is ${startedMs + 30_000 - oldest} ms old`);
});
