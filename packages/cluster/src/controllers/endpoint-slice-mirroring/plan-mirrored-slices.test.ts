import assert from "node:assert/strict";
import { test } from "node:test";
import type { Endpoints, EndpointSlice, EndpointSubset } from "@seaworthy/kube";
import { mostMirrored, planMirroredSlices } from "./plan-mirrored-slices.ts";

function endpoints(subsets: EndpointSubset[], annotations: Record<string, string> = {}): Endpoints {
  const metadata = { name: "db", namespace: "shop", uid: "u", labels: { team: "a" }, annotations };
  return { apiVersion: "v1", kind: "Endpoints", metadata, subsets };
}

const port = (number: number, name?: string) => ({
  port: number,
  protocol: "TCP",
  ...(name === undefined ? {} : { name }),
});
const addresses = (...ips: string[]) => ips.map((ip) => ({ ip }));
const stored = (slices: readonly EndpointSlice[]) =>
  slices.map((slice, index) => ({ ...slice, metadata: { ...slice.metadata, name: `db-${index}` } }));
const short = ({ addressType, endpoints: all, ports }: EndpointSlice) => [
  addressType,
  (ports ?? []).map((one) => one.port),
  (all ?? []).map((one) => `${one.addresses.join()}${one.conditions?.ready === true ? "" : " not ready"}`),
];

test("a subset is a slice per family, with labels, and without annotations that are about the Endpoints alone", () => {
  const made = planMirroredSlices(
    endpoints(
      [
        {
          addresses: addresses("192.0.2.1", "2001:db8::1"),
          notReadyAddresses: addresses("192.0.2.2"),
          ports: [port(5432)],
        },
      ],
      { note: "n", "kubectl.kubernetes.io/last-applied-configuration": "{}" },
    ),
    [],
  ).create;
  assert.deepEqual(made.map(short), [
    ["IPv4", [5432], ["192.0.2.1", "192.0.2.2 not ready"]],
    ["IPv6", [5432], ["2001:db8::1"]],
  ]);
  assert.deepEqual(made[0]?.metadata.annotations, { note: "n" });
  assert.deepEqual(made[0]?.metadata.labels, {
    team: "a",
    "kubernetes.io/service-name": "db",
    "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
  });
  assert.equal(made[0]?.ports?.[0]?.name, "");
});

test("ports of the same addresses are one slice, whatever subsets they are in; not ready anywhere is not ready", () => {
  const { create } = planMirroredSlices(
    endpoints([
      { addresses: addresses("192.0.2.1"), ports: [port(80, "http")] },
      { addresses: addresses("192.0.2.1"), ports: [port(443, "https")] },
      { addresses: addresses("192.0.2.3"), ports: [port(25, "mail")] },
      { notReadyAddresses: addresses("192.0.2.3"), ports: [port(25, "mail")] },
      { addresses: addresses("192.0.2.4") },
    ]),
    [],
  );
  assert.deepEqual(create.map(short), [
    ["IPv4", [80, 443], ["192.0.2.1"]],
    ["IPv4", [25], ["192.0.2.3 not ready"]],
    ["IPv4", [], ["192.0.2.4"]],
  ]);
});

test("what is right is not written; other ports take over the slice that is free; what is left goes", () => {
  const two = endpoints([
    { addresses: addresses("192.0.2.1"), ports: [port(80)] },
    { addresses: addresses("192.0.2.2"), ports: [port(81)] },
  ]);
  const present = stored(planMirroredSlices(two, []).create);
  assert.deepEqual(planMirroredSlices(two, present), { create: [], update: [], remove: [], leftOut: 0 });

  const moved = planMirroredSlices(
    endpoints([{ addresses: addresses("192.0.2.1"), ports: [port(82)] }]),
    present,
  );
  assert.deepEqual([moved.create.length, moved.update.map(({ metadata }) => metadata.name)], [0, ["db-0"]]);
  assert.deepEqual(
    moved.remove.map(({ metadata }) => metadata.name),
    ["db-1"],
  );
  assert.equal(planMirroredSlices(endpoints([]), present).remove.length, 2);
});

test("a thousand addresses of a subset are mirrored, and the others counted", () => {
  const many = Array.from({ length: mostMirrored + 5 }, (_, index) => `10.9.${index >> 8}.${index & 255}`);
  const plan = planMirroredSlices(endpoints([{ addresses: addresses(...many), ports: [port(80)] }]), []);
  assert.deepEqual([plan.create[0]?.endpoints?.length, plan.leftOut], [mostMirrored, 5]);
});
