import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "@seaworthy/kube";
import { findRoutes } from "./find-routes.ts";
import type { RouteWishes } from "./route.ts";

const labels = (app: string) => ({ app });
const deployment = (name: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: "default" },
  spec: {
    selector: { matchLabels: labels(name) },
    template: {
      metadata: { labels: labels(name) },
      spec: { containers: [{ name: "app", image: name, ports: [{ containerPort: 8080 }] }] },
    },
  },
});
const service = (name: string) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "default" },
  spec: { selector: labels(name), ports: [{ port: 80, targetPort: 8080 }] },
});
const backend = (name: string) => ({ service: { name, port: { number: 80 } } });
const ingress = {
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: {
    name: "edge",
    namespace: "default",
    annotations: { "nginx.ingress.kubernetes.io/rewrite-target": "/$1" },
  },
  spec: {
    rules: [
      {
        host: "shop.example",
        http: {
          paths: [{ path: "/api/(.*)", pathType: "ImplementationSpecific", backend: backend("shop") }],
        },
      },
    ],
  },
};

function routedIn(objects: readonly unknown[], requests: NonNullable<RouteWishes["requests"]>) {
  const { routes } = findRoutes(objects as KubeObject[], { requests });
  return Object.fromEntries(
    routes.map(({ label, requests: own = [] }) => [label, own.map(({ index, path }) => `${index} ${path}`)]),
  );
}

const two = [deployment("shop"), service("shop"), deployment("stock"), service("stock")];

test("without an edge every request may be meant for every Service", () => {
  assert.deepEqual(routedIn(two, [{ method: "GET", path: "/orders" }]), {
    "Service shop:80": ["0 /orders"],
    "Service stock:80": ["0 /orders"],
  });
});

test("what the edge takes goes to the Service behind it as the edge rewrites it; the rest to the others", () => {
  const requests = [
    { method: "GET", path: "/api/orders?page=2" },
    { method: "POST", path: "/stock" },
  ];
  assert.deepEqual(routedIn([...two, ingress], requests), {
    "Ingress shop.example/api/(.*)": ["0 /api/orders?page=2"],
    "Service shop:80": ["0 /orders?page=2"],
    "Service stock:80": ["1 /stock"],
  });
});

test("a host of the edge's leads to its rules only; one that it does not know is of elsewhere", () => {
  const other = {
    ...ingress,
    spec: { rules: [{ ...ingress.spec.rules[0]!, host: "www.example" }] },
  };
  const path = "/api/a";
  const requests = ["shop.example", "old.example"].map((host) => ({ method: "GET", path, host }));
  const routed = routedIn([...two, ingress, other], requests);
  assert.deepEqual(routed["Ingress shop.example/api/(.*)"], ["0 /api/a", "1 /api/a"]);
  assert.deepEqual(routed["Ingress www.example/api/(.*)"], ["1 /api/a"]);
});
