import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "@seaworthy/kube";
import { discoverTargets, requestPathFor } from "./targets.ts";

function deployment(name: string, probe?: string): KubeObject {
  const readinessProbe =
    probe === undefined ? {} : { readinessProbe: { httpGet: { path: probe, port: 8080 } } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec: {
      selector: {},
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name, image: name, ...readinessProbe }] },
      },
    },
  };
}

function service(name: string, app: string, port: number, more: object = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { selector: { app }, ports: [{ port }], ...more },
  };
}

function ingress(path: object, annotations: Record<string, string> = {}, host = "shop.example"): KubeObject {
  const backend = { service: { name: "shop", port: { number: 80 } } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "shop", namespace: "default", annotations },
    spec: { rules: [{ host, http: { paths: [{ backend, ...path }] } }] },
  };
}

test("an Ingress and the Service behind it are two targets", () => {
  const targets = discoverTargets([
    deployment("shop", "/readyz"),
    service("shop", "shop", 80),
    ingress({ path: "/", pathType: "Prefix" }),
  ]);
  assert.deepEqual(
    targets.map(({ name, kind, hostHeader, path, deployments }) => ({
      name,
      kind,
      hostHeader,
      path,
      deployments,
    })),
    [
      {
        name: "ingress",
        kind: "ingress",
        hostHeader: "shop.example",
        path: "/readyz",
        deployments: ["shop"],
      },
      {
        name: "service",
        kind: "service",
        hostHeader: "shop.default.svc.cluster.local",
        path: "/readyz",
        deployments: ["shop"],
      },
    ],
  );
});

test("a rewritten pattern gets a path that ends at the probe, and the Service gets the probe's path", () => {
  const rewrite = { "nginx.ingress.kubernetes.io/rewrite-target": "/$1" };
  const targets = discoverTargets([
    deployment("shop", "/healthz"),
    service("shop", "shop", 80),
    ingress({ path: "/httpserver/(.+)", pathType: "ImplementationSpecific" }, rewrite),
  ]);
  assert.deepEqual(
    targets.map((target) => target.path),
    ["/httpserver/healthz", "/healthz"],
  );
});

test("a database and a headless Service are no targets", () => {
  const objects = [
    deployment("shop", "/"),
    deployment("mysql"),
    service("shop", "shop", 80),
    service("mysql", "mysql", 3306),
    service("headless", "shop", 80, { clusterIP: "None" }),
  ];
  assert.deepEqual(
    discoverTargets(objects).map((target) => target.service),
    ["shop"],
  );
});

const paths: readonly [pattern: string, type: string, rewrite: string | undefined, expected: string][] = [
  ["/", "Prefix", undefined, "/healthz"],
  ["/api", "Prefix", undefined, "/api"],
  ["/healthz", "Exact", undefined, "/healthz"],
  ["/app(/|$)(.*)", "ImplementationSpecific", "/$2", "/app/healthz"],
  ["/httpserver/(.+)", "ImplementationSpecific", "/$1", "/httpserver/healthz"],
  ["/shop/?(.*)", "ImplementationSpecific", "/$1", "/shop/healthz"],
];

for (const [pattern, pathType, rewrite, expected] of paths) {
  test(`a request path for ${pattern}`, () => {
    assert.equal(requestPathFor({ path: pattern, pathType }, rewrite, "/healthz"), expected);
  });
}
