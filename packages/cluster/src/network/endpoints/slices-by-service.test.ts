import assert from "node:assert/strict";
import { test } from "node:test";
import type { EndpointSlice } from "@seaworthy/kube";
import { fakeInformer, webSlice } from "../testing/test-data-plane.ts";
import { indexSlices } from "./slices-by-service.ts";

/** An index over slices, and what it has told a view so far. */
function indexOf(...known: EndpointSlice[]) {
  const slices = fakeInformer<EndpointSlice>(...known);
  const index = indexSlices(slices);
  const told: string[] = [];
  index.feed({
    update: (service, endpoints) => void told.push([service, ...endpoints().map(({ ip }) => ip)].join(" ")),
  });
  return { slices, index, told };
}

const named = (name: string, labels: Record<string, string>, ...ips: string[]): EndpointSlice => {
  const slice = webSlice(...ips);
  return { ...slice, metadata: { ...slice.metadata, name, labels } };
};
const of = (service: string) => ({ "kubernetes.io/service-name": service });

test("the slices of a Service are found by its key, and a view is told of them together", () => {
  const { slices, index, told } = indexOf(named("web-1", of("web"), "10.0.0.1"));
  slices.put(named("web-2", of("web"), "10.0.0.2"));
  slices.put(named("db-1", of("db"), "10.0.0.3"));
  slices.remove(named("web-1", of("web"), "10.0.0.1"));
  assert.deepEqual(told, [
    "default/web 10.0.0.1",
    "default/web 10.0.0.1 10.0.0.2",
    "default/db 10.0.0.3",
    "default/web 10.0.0.2",
  ]);
  assert.deepEqual(
    index.get("default/web").map(({ metadata }) => metadata.name),
    ["web-2"],
  );
  assert.deepEqual(index.get("default/none"), []);
});

test("a change of labels alone is told to nobody, a change of the Service to both", () => {
  const { slices, told } = indexOf(named("web-1", of("web"), "10.0.0.1"));
  slices.put(named("web-1", { ...of("web"), more: "1" }, "10.0.0.1"));
  assert.equal(told.length, 1);
  slices.put(named("web-1", of("db"), "10.0.0.1"));
  assert.deepEqual(told.slice(1), ["default/web", "default/db 10.0.0.1"]);
});
