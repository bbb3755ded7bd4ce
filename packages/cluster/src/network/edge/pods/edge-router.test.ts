import assert from "node:assert/strict";
import { test } from "node:test";
import type { Service } from "@seaworthy/kube";
import { seededRandom } from "../../../random.ts";
import { fakeInformer, webService } from "../../testing/test-data-plane.ts";
import type { EdgeRoute } from "../edge-route.ts";
import { createEdgeRouter } from "./edge-router.ts";
import { envoyBehavior } from "../proxy-behavior.ts";

function named(name: string): Service {
  const service = webService();
  return { ...service, metadata: { ...service.metadata, name } };
}

function routeTo(weights: Readonly<Record<string, number>>): EdgeRoute {
  const backends = Object.entries(weights).map(([service, weight]) => ({
    namespace: "default",
    service,
    port: 80,
    weight,
  }));
  return { source: "default/web", host: "", match: { kind: "any" }, backends, behavior: envoyBehavior };
}

function shares(weights: Readonly<Record<string, number>>, count = 4_000): Record<string, number> {
  const ports = { old: 1, new: 2, gone: 3 };
  const router = createEdgeRouter({
    services: fakeInformer(...Object.keys(ports).map(named)),
    view: {
      get: (service: string) => [
        { ip: service, port: 8080, portName: "http", ready: true, serving: true, terminating: false },
      ],
    } as never,
    random: seededRandom(3),
  });
  const route = routeTo(weights);
  const counts: Record<string, number> = {};
  for (let index = 0; index < count; index += 1) {
    const backend = router.draw(route);
    const isService = backend?.service !== undefined;
    const name = (isService ? router.next(backend, 0)?.ip : undefined) ?? "none";
    counts[name] = (counts[name] ?? 0) + 1 / count;
  }
  return counts;
}

test("requests are shared out by weight", () => {
  const { "default/old": old = 0, "default/new": young = 0 } = shares({ old: 90, new: 10 });
  assert.ok(Math.abs(old - 0.9) < 0.02, String(old));
  assert.ok(Math.abs(young - 0.1) < 0.02, String(young));
});

test("a backend of weight 0 gets none, and a route of such backends has nowhere to go", () => {
  assert.deepEqual(Object.keys(shares({ old: 1, gone: 0 })), ["default/old"]);
  assert.deepEqual(Object.keys(shares({ gone: 0 })), ["none"]);
  assert.deepEqual(Object.keys(shares({ gone: 0, old: 0 })), ["none"]);
});
