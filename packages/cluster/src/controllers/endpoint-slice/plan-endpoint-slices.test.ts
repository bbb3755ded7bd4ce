import assert from "node:assert/strict";
import { test } from "node:test";
import type { EndpointSlice, Pod, Service } from "@seaworthy/kube";
import { maxEndpointsPerSlice, planEndpointSlices } from "./plan-endpoint-slices.ts";
import { planEndpoints } from "./plan-endpoints.ts";
import { endpointsOf } from "./service-endpoints.ts";

const service: Service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop", uid: "svc-uid" },
  spec: {
    selector: { app: "web" },
    ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }],
  },
};

function pod(
  name: string,
  options: { ready?: boolean; deleting?: boolean; port?: number; phase?: string; ip?: string } = {},
): Pod {
  const { ready = true, deleting = false, port = 8080, phase = "Running", ip = `10.0.0.${name}` } = options;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "shop",
      uid: `uid-${name}`,
      labels: { app: "web" },
      ...(deleting ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}),
    },
    spec: { nodeName: "n1", containers: [{ name: "web", ports: [{ name: "http", containerPort: port }] }] },
    status: { phase, podIP: ip, conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
  };
}

function plan(pods: Pod[], present: EndpointSlice[] = []) {
  return planEndpointSlices(service, endpointsOf(service, pods), present);
}

function stored(slices: readonly EndpointSlice[]): EndpointSlice[] {
  return slices.map((slice, index) => ({ ...slice, metadata: { ...slice.metadata, name: `web-${index}` } }));
}

test("conditions: ready, not ready, terminating; ended pods and pods without an address are no endpoints", () => {
  const pods = [
    pod("1"),
    pod("2", { ready: false }),
    pod("3", { deleting: true }),
    pod("4", { deleting: true, ready: false }),
    pod("5", { phase: "Failed" }),
    pod("6", { ip: "" }),
  ];
  const { create } = plan(pods);
  assert.deepEqual(
    create[0]?.endpoints?.map(({ conditions, targetRef }) => [targetRef?.name, conditions]),
    [
      ["1", { ready: true, serving: true, terminating: false }],
      ["2", { ready: false, serving: false, terminating: false }],
      ["3", { ready: false, serving: true, terminating: true }],
      ["4", { ready: false, serving: false, terminating: true }],
    ],
  );
  assert.deepEqual(create[0]?.ports, [{ name: "http", port: 8080, protocol: "TCP" }]);
  const [reference] = create[0]?.metadata.ownerReferences ?? [];
  assert.equal(reference?.uid, "svc-uid");
  const { subsets } = planEndpoints(service, endpointsOf(service, pods));
  assert.deepEqual(
    subsets?.[0]?.addresses?.map(({ ip }) => ip),
    ["10.0.0.1"],
  );
  assert.deepEqual(
    subsets?.[0]?.notReadyAddresses?.map(({ ip }) => ip),
    ["10.0.0.2"],
  );
});

test("publishNotReadyAddresses makes every endpoint ready", () => {
  const early: Service = { ...service, spec: { ...service.spec, publishNotReadyAddresses: true } };
  const [, second] = endpointsOf(early, [pod("1"), pod("2", { ready: false, deleting: true })]);
  assert.deepEqual(second?.endpoint.conditions, { ready: true, serving: false, terminating: true });
});

test("a named targetPort with another number in another pod makes a second slice", () => {
  const { create } = plan([pod("1"), pod("2", { port: 9090 })]);
  assert.deepEqual(
    create.map(({ ports, endpoints }) => [ports?.[0]?.port, endpoints?.length]),
    [
      [8080, 1],
      [9090, 1],
    ],
  );
});

test("a pod without a Service's named port is in a slice without that port, and Endpoints leave it out", () => {
  const bare = (name: string) => {
    const it = pod(name);
    return { ...it, spec: { ...it.spec, containers: [{ name: "worker", image: "worker:1" }] } };
  };
  const pods = [pod("1"), bare("2"), pod("3", { port: 9090 }), bare("4")];
  const { create } = plan(pods);
  assert.deepEqual(
    create.map(({ ports, endpoints }) => [
      ports?.[0]?.port,
      endpoints?.map(({ targetRef }) => targetRef?.name),
    ]),
    [
      [8080, ["1"]],
      [undefined, ["2", "4"]],
      [9090, ["3"]],
    ],
  );
  const endpoints = planEndpoints(service, endpointsOf(service, pods));
  assert.deepEqual(
    endpoints.subsets?.map(({ ports, addresses }) => [ports?.[0]?.port, addresses?.map(({ ip }) => ip)]),
    [
      [8080, ["10.0.0.1"]],
      [9090, ["10.0.0.3"]],
    ],
  );
});

test("of two ports, a pod that has one is listed with that one; a headless Service without ports lists every pod", () => {
  const two: Service = {
    ...service,
    spec: {
      ...service.spec,
      ports: [
        { name: "http", port: 80, targetPort: "http" },
        { name: "metrics", port: 9100, targetPort: "metrics" },
      ],
    },
  };
  const subsets = planEndpoints(two, endpointsOf(two, [pod("1")])).subsets ?? [];
  assert.deepEqual(subsets[0]?.ports, [{ name: "http", port: 8080, protocol: "TCP" }]);
  const portless: Service = { ...service, spec: { selector: { app: "web" }, clusterIP: "None" } };
  const [only] = planEndpoints(portless, endpointsOf(portless, [pod("1"), pod("2")])).subsets ?? [];
  assert.deepEqual([only?.ports, only?.addresses?.length], [undefined, 2]);
});

test("what is right is not written again; a change touches only the slice that has it", () => {
  const pods = Array.from({ length: 150 }, (_, index) => pod(String(index)));
  const present = stored(plan(pods).create);
  assert.deepEqual(
    present.map(({ endpoints }) => endpoints?.length),
    [maxEndpointsPerSlice, 50],
  );
  assert.deepEqual(plan(pods, present), { create: [], update: [], remove: [] });

  const changed = plan([...pods.slice(0, -1), pod("149", { ready: false })], present);
  assert.equal(changed.update.length, 1);
  assert.equal(changed.create.length + changed.remove.length, 0);

  const grown = plan([...pods, pod("new")], present);
  assert.deepEqual(
    grown.update.map(({ endpoints }) => endpoints?.length),
    [51],
  );
  assert.equal(grown.create.length, 0);
});

test("a Service without pods keeps one empty slice", () => {
  const { create } = plan([]);
  assert.deepEqual([create.length, create[0]?.endpoints], [1, []]);
  assert.deepEqual(plan([], stored(create)), { create: [], update: [], remove: [] });
  const present = stored(plan([pod("1")]).create);
  const emptied = plan([], present);
  assert.deepEqual([emptied.update.length, emptied.update[0]?.endpoints, emptied.remove.length], [1, [], 0]);
});
