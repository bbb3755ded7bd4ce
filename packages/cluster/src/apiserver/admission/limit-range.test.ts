import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, servedTypes, builtInKinds, type LimitRange, type ServedType } from "@seaworthy/kube";
import { pod, refusal, startApi, type Fixture } from "../testing/start-api.ts";

function typeOf(plural: string): ServedType {
  const [type] = builtInKinds.filter((kind) => kind.plural === plural).flatMap(servedTypes);
  assert.ok(type !== undefined);
  return type;
}

type Limits = NonNullable<LimitRange["spec"]>["limits"];

async function limit(api: Fixture, name: string, limits: Limits): Promise<void> {
  await api.client.create<LimitRange>(typeOf("limitranges"), {
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: { name, namespace: "default" },
    spec: { limits },
  });
}

const containers = (...resources: object[]) => ({
  containers: resources.map((each, index) => ({ name: `c${index}`, image: "c:1", resources: each })),
});

test("containers get what they do not say, and an annotation tells of it", async () => {
  const api = await startApi();
  await limit(api, "a", [
    { type: "Container", default: { cpu: "200m", memory: "64Mi" }, defaultRequest: { cpu: "10m" } },
  ]);
  const spec = {
    ...containers({}, { requests: { cpu: "5m", memory: "1Mi" }, limits: { memory: "8Mi" } }),
    initContainers: [{ name: "i", image: "c:1", resources: { limits: { cpu: "1", memory: "1Gi" } } }],
  };
  const made = await api.client.create(resourceTypes.pods, pod("p", spec));
  assert.deepEqual(
    made.spec.containers.map(({ resources }) => resources),
    [
      { requests: { cpu: "10m", memory: "64Mi" }, limits: { cpu: "200m", memory: "64Mi" } },
      { requests: { cpu: "5m", memory: "1Mi" }, limits: { cpu: "200m", memory: "8Mi" } },
    ],
  );
  assert.equal(
    made.metadata.annotations?.["kubernetes.io/limit-ranger"],
    "LimitRanger plugin set: cpu, memory request for container c0; cpu, memory limit for container c0; cpu limit for container c1",
  );
  assert.equal(made.status?.qosClass, "Burstable");
});

test("what is out of bounds is refused, with all that is wrong", async () => {
  const api = await startApi();
  await limit(api, "a", [
    { type: "Container", max: { cpu: "1" }, min: { cpu: "10m" }, maxLimitRequestRatio: { cpu: "4" } },
    { type: "Pod", max: { memory: "1Gi" }, maxLimitRequestRatio: { memory: "2" } },
  ]);
  const { client } = api;
  const refused = async (...resources: object[]) =>
    (await refusal(client.create(resourceTypes.pods, pod("p", containers(...resources))))).message;
  const memory = { requests: { memory: "512Mi", cpu: "1" }, limits: { memory: "512Mi", cpu: "1" } };
  assert.equal(
    await refused({ ...memory, requests: { ...memory.requests, cpu: "5m" } }),
    'pods "p" is forbidden: [minimum cpu usage per Container is 10m, but request is 5m, cpu max limit to request ratio per Container is 4, but provided ratio is 200.000000]',
  );
  assert.equal(
    await refused(memory, memory, { ...memory, limits: { memory: "1Gi", cpu: "2" } }),
    'pods "p" is forbidden: [maximum cpu usage per Container is 1, but limit is 2, maximum memory usage per Pod is 1Gi, but limit is 2Gi]',
  );
  assert.equal(
    await refused({}),
    'pods "p" is forbidden: [maximum memory usage per Pod is 1Gi.  No limit is specified, memory max limit to request ratio per Pod is 2, but no request is specified or request is 0]',
  );
  await client.create(resourceTypes.pods, pod("p", containers(memory, memory)));
});

test("claims have bounds too, when they are made and when they grow", async () => {
  const api = await startApi();
  await limit(api, "a", [
    { type: "PersistentVolumeClaim", min: { storage: "1Gi" }, max: { storage: "2Gi" } },
  ]);
  const claims = typeOf("persistentvolumeclaims");
  const claim = (storage: string) => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "c", namespace: "default" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
  });
  const small = await refusal(api.client.create(claims, claim("1Mi")));
  assert.deepEqual(small, {
    code: 403,
    reason: "Forbidden",
    message:
      'persistentvolumeclaims "c" is forbidden: minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1Mi',
  });
  await api.client.create(typeOf("storageclasses"), {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: {
      name: "growing",
      annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
    },
    provisioner: "example.com/x",
    allowVolumeExpansion: true,
  });
  await api.client.create(claims, claim("1Gi"));
  // No other claim can grow.
  await api.client.patch(claims, "default", "c", "merge", { status: { phase: "Bound" } }, "status");
  const large = { spec: { resources: { requests: { storage: "3Gi" } } } };
  const grown = await refusal(api.client.patch(claims, "default", "c", "merge", large));
  assert.match(grown.message, /maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi$/);
});
