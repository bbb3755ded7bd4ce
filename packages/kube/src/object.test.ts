import assert from "node:assert/strict";
import { test } from "node:test";
import type { CoreEvent, Deployment, KubeObject, Lease, Node, Pod, Secret } from "./object.ts";

const deployment: Deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", creationTimestamp: "2026-01-02T03:04:05Z" },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "web:1", readinessProbe: { httpGet: { port: "http" } } }] },
    },
  },
};

test("every kind is a KubeObject, and is written as plain data", () => {
  const objects: KubeObject[] = [deployment];
  const add = <T extends KubeObject>(object: T): void => void objects.push(object);
  add<Pod>({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: { containers: [] } });
  add<Node>({ apiVersion: "v1", kind: "Node", metadata: { name: "n" } });
  add<Secret>({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, stringData: { a: "b" } });
  add<CoreEvent>({
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "e" },
    involvedObject: { kind: "Pod" },
    lastTimestamp: "2026-01-02T03:04:05Z",
  });
  add<Lease>({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "l" },
    spec: { renewTime: "2026-01-02T03:04:05.000000Z" },
  });
  assert.equal(objects.length, 6);
});
