import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { resourceTypes, type Deployment, type Namespace, type Pod } from "@seaworthy/kube";
import { startApi, deployment, pod, configMap, refusal } from "../testing/start-api.ts";

describe("deletion", () => {
  test("a pod on a node gets its grace, which may be shortened but not prolonged, and goes at zero", async () => {
    const { client, clock } = await startApi();
    await client.create(resourceTypes.pods, pod());
    await client.bind("default", "p", "node-1");
    await client.delete(resourceTypes.pods, "default", "p");
    const deleting = await client.get<Pod>(resourceTypes.pods, "default", "p");
    assert.deepEqual(
      [
        deleting.metadata.deletionTimestamp,
        deleting.metadata.deletionGracePeriodSeconds,
        deleting.metadata.generation,
      ],
      ["2026-01-01T00:00:30Z", 30, 2],
    );
    clock.nowMs += 5000;
    await client.delete(resourceTypes.pods, "default", "p", { gracePeriodSeconds: 60 });
    await client.delete(resourceTypes.pods, "default", "p", { gracePeriodSeconds: 10 });
    const shortened = await client.get<Pod>(resourceTypes.pods, "default", "p");
    assert.deepEqual(
      [shortened.metadata.deletionTimestamp, shortened.metadata.deletionGracePeriodSeconds],
      ["2026-01-01T00:00:10Z", 10],
    );
    const other = { gracePeriodSeconds: 0, uid: "another" };
    assert.equal(
      (await refusal(client.delete(resourceTypes.pods, "default", "p", other))).reason,
      "Conflict",
    );
    const uid = shortened.metadata.uid ?? "";
    await client.delete(resourceTypes.pods, "default", "p", { gracePeriodSeconds: 0, uid });
    assert.equal((await refusal(client.get(resourceTypes.pods, "default", "p"))).code, 404);
  });

  test("a pod that is on no node goes at once", async () => {
    const { client } = await startApi();
    await client.create(resourceTypes.pods, pod());
    await client.delete(resourceTypes.pods, "default", "p");
    assert.equal((await client.list(resourceTypes.pods)).items.length, 0);
  });

  test("finalizers hold an object until the last is taken off; none may be added meanwhile", async () => {
    const { client } = await startApi();
    const type = resourceTypes.deployments;
    await client.create(type, deployment());
    await client.delete(type, "default", "web", { propagationPolicy: "Foreground" });
    const held = await client.get<Deployment>(type, "default", "web");
    assert.deepEqual(held.metadata.finalizers, ["foregroundDeletion"]);
    assert.equal(held.metadata.deletionGracePeriodSeconds, 0);
    const adding = { metadata: { finalizers: ["foregroundDeletion", "a/b"] } };
    assert.equal((await refusal(client.patch(type, "default", "web", "merge", adding))).code, 422);
    await client.patch(type, "default", "web", "merge", { metadata: { finalizers: null } });
    assert.equal((await refusal(client.get(type, "default", "web"))).code, 404);
  });

  test("a namespace terminates, takes nothing new, and goes when it is finalized", async () => {
    const { client } = await startApi();
    const type = resourceTypes.namespaces;
    await client.create(type, { apiVersion: "v1", kind: "Namespace", metadata: { name: "team" } });
    await client.delete(type, undefined, "team");
    const namespace = await client.get<Namespace>(type, undefined, "team");
    assert.deepEqual([namespace.status?.phase, namespace.spec?.finalizers], ["Terminating", ["kubernetes"]]);
    const late = configMap("c");
    late.metadata.namespace = "team";
    assert.deepEqual(await refusal(client.create(resourceTypes.configmaps, late)), {
      code: 403,
      reason: "Forbidden",
      message:
        'configmaps "c" is forbidden: unable to create new content in namespace team because it is being terminated',
    });
    await client.update<Namespace>(type, { ...namespace, spec: { finalizers: [] } }, "finalize");
    assert.equal((await refusal(client.get(type, undefined, "team"))).code, 404);
    assert.equal((await refusal(client.delete(type, undefined, "default"))).code, 403);
  });
});
