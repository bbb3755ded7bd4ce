import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "@seaworthy/client";
import { resourceTypes, type Pod, type ResourceQuota } from "@seaworthy/kube";
import { pod, startApi } from "../testing/start-api.ts";

const requests = { cpu: "100m", memory: "64Mi" };
const resources = { requests, limits: { memory: "128Mi" } };

async function start() {
  const api = await startApi();
  const spec = { nodeName: "node-1", containers: [{ name: "c", image: "c:1", resources }] };
  const created = await api.client.create<Pod>(resourceTypes.pods, pod("p", spec));
  const resize = (container: object, more: object = {}) =>
    api.client.patch<Pod>(
      resourceTypes.pods,
      "default",
      "p",
      "strategic",
      { ...more, spec: { containers: [{ name: "c", ...container }] } },
      "resize",
    );
  return { ...api, created, resize };
}

test("changes the resources of a pod's containers, and nothing else of it", async () => {
  const { client, created, resize } = await start();
  const resized = await resize(
    { image: "other:1", resources: { requests: { cpu: "200m" }, limits: { cpu: "1" } } },
    { metadata: { labels: { not: "taken" } } },
  );
  assert.deepEqual(resized.spec.containers[0]?.resources, {
    requests: { cpu: "200m", memory: "64Mi" },
    limits: { cpu: "1", memory: "128Mi" },
  });
  assert.equal(resized.spec.containers[0]?.image, "c:1");
  assert.deepEqual(resized.metadata.labels, created.metadata.labels);
  assert.equal(resized.metadata.generation, (created.metadata.generation ?? 0) + 1);
  const [container] = resized.spec.containers;
  const put = await client
    .update<Pod>(
      resourceTypes.pods,
      { ...resized, spec: { ...resized.spec, containers: [{ ...container, resources }] } },
      "resize",
    )
    .catch((error: unknown) => error);
  assert.match(
    (put as ApiError).message,
    /spec\.containers\[0\]\.resources\.limits: Forbidden: resource limits cannot be removed/,
  );
});

for (const [what, container, message] of [
  [
    "takes a request away",
    { resources: { requests: { cpu: null } } },
    "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed",
  ],
  [
    "changes the pod's class",
    { resources: { requests: { cpu: "1", memory: "128Mi" }, limits: { cpu: "1" } } },
    'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
  ],
  [
    "is of another resource",
    { resources: { requests: { "ephemeral-storage": "1Gi" } } },
    "spec: Forbidden: only cpu and memory resources are mutable",
  ],
  [
    "asks for more than the limit",
    { resources: { requests: { memory: "1Gi" } } },
    'spec.containers[0].resources.requests: Invalid value: "1Gi": must be less than or equal to memory limit of 128Mi',
  ],
  [
    "adds a container",
    { name: "d", image: "d:1" },
    "spec.containers: Forbidden: containers may not be added or removed on resize",
  ],
] as const)
  test(`a resize that ${what} is refused`, async () => {
    const { resize } = await start();
    await assert.rejects(resize(container), (error: ApiError) => {
      assert.ok(error.message.includes(message), error.message);
      return true;
    });
  });

test("a resize of a pod whose node tells no resources is refused", async () => {
  const { client, created, resize } = await start();
  const c = { name: "c", image: "c:1", imageID: "", ready: true, restartCount: 0 };
  const status = { containerStatuses: [{ ...c, state: { running: {} } }] };
  await client.update<Pod>(resourceTypes.pods, { ...created, status }, "status");
  await assert.rejects(resize({ resources: { requests: { cpu: "1" } } }), /node without support for resize/);
});

test("what is requested besides counts for quotas", async () => {
  const { client, resize } = await start();
  const quota = await client.create<ResourceQuota>(resourceTypes.resourcequotas, {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "q", namespace: "default" },
    spec: { hard: { "requests.cpu": "300m" } },
  });
  const status = { hard: { "requests.cpu": "300m" }, used: { "requests.cpu": "100m" } };
  await client.update(resourceTypes.resourcequotas, { ...quota, status }, "status");
  await resize({ resources: { requests: { cpu: "250m" } } });
  const { status: now } = await client.get<ResourceQuota>(resourceTypes.resourcequotas, "default", "q");
  assert.deepEqual(now?.used, { "requests.cpu": "250m" });
  await assert.rejects(resize({ resources: { requests: { cpu: "400m" } } }), /exceeded quota: q/);
});

test("an init container is resized as well", async () => {
  const { client } = await startApi();
  const container = { image: "c:1", resources };
  const initContainers = [{ ...container, name: "first" }];
  const spec = { nodeName: "node-1", initContainers, containers: [{ ...container, name: "c" }] };
  await client.create<Pod>(resourceTypes.pods, pod("p", spec));
  const patch = { spec: { initContainers: [{ name: "first", resources: { requests: { cpu: "200m" } } }] } };
  const resized = await client.patch<Pod>(resourceTypes.pods, "default", "p", "strategic", patch, "resize");
  assert.equal(resized.spec.initContainers?.[0]?.resources?.requests?.["cpu"], "200m");
});
