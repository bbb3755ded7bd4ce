import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type CoreEvent, type Pod } from "@seaworthy/kube";
import { createEventRecorder } from "./event-recorder.ts";
import { startSimulatedCluster } from "./testing/simulated-cluster.ts";

const pod: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web-1", namespace: "default", uid: "u1" },
  spec: { containers: [] },
};

test("what repeats is counted, what differs is written anew, and a deleted event comes back", async () => {
  await using cluster = await startSimulatedCluster({ seed: 1, nodes: 0 });
  const { client, clock } = cluster;
  const recorder = createEventRecorder(client, clock, "kubelet", "n1");
  const list = async () => {
    await recorder.settled();
    const { items } = await client.list<CoreEvent>(resourceTypes.events, { namespace: "default" });
    return items.filter(({ source }) => source?.component === "kubelet");
  };
  recorder.event(pod, "Warning", "BackOff", "again", "spec.containers{web}");
  recorder.event(pod, "Normal", "Started", "Started container web");
  recorder.event(pod, "Warning", "BackOff", "again", "spec.containers{web}");
  const [first, second, ...others] = await list();
  assert.deepEqual([first?.reason, first?.count, first?.type], ["BackOff", 2, "Warning"]);
  assert.deepEqual([first?.source?.host, first?.involvedObject.fieldPath], ["n1", "spec.containers{web}"]);
  assert.deepEqual([first?.involvedObject.uid, first?.involvedObject.kind], ["u1", "Pod"]);
  assert.deepEqual([second?.reason, second?.count, others.length], ["Started", 1, 0]);

  await client.delete(resourceTypes.events, "default", first?.metadata.name ?? "");
  recorder.event(pod, "Warning", "BackOff", "again", "spec.containers{web}");
  const again = (await list()).find(({ reason }) => reason === "BackOff");
  assert.equal(again?.count, 1);
});

test("an event that the server refuses is dropped and stops nothing", async () => {
  await using cluster = await startSimulatedCluster({ seed: 1, nodes: 0 });
  const recorder = createEventRecorder(cluster.client, cluster.clock, "kubelet");
  recorder.event(
    { ...pod, metadata: { ...pod.metadata, namespace: "absent" } },
    "Normal",
    "Lost",
    "nobody hears it",
  );
  recorder.event(pod, "Normal", "Kept", "somebody does");
  await recorder.settled();
  const { items } = await cluster.client.list<CoreEvent>(resourceTypes.events, { namespace: "default" });
  assert.deepEqual(
    items.map(({ reason }) => reason),
    ["Kept"],
  );
});
