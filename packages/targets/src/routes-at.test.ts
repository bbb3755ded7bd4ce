import assert from "node:assert/strict";
import { test } from "node:test";
import type { Route } from "@seaworthy/app";
import type { Service } from "@seaworthy/kube";
import { routesAt } from "./routes-at.ts";

function route(kind: Route["kind"], service: string, port = 80, ...paths: string[]): Route {
  return {
    kind,
    label: `${kind} ${service}:${port}${paths.join()}`,
    namespace: "default",
    service,
    port,
    portName: "",
    dialPort: port,
    hostHeader: kind === "ingress" ? "shop.example" : `${service}.default.svc.cluster.local`,
    paths: paths.map((path) => ({ path, appPath: path })),
    deployments: [service],
    group: `${kind} ${service}`,
  };
}

function service(name: string, clusterIP: string, more: Partial<Service> = {}): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { clusterIP, ports: [{ port: 80 }] },
    ...more,
  };
}

const routes = [
  route("ingress", "web", 80, "/", "/alive"),
  route("ingress", "api", 80, "/api"),
  route("service", "web", 80, "/"),
  route("service", "web", 8443, "/"),
  route("service", "api", 80, "/api", "/"),
];
const services = [
  service("web", "10.96.0.1", { spec: { clusterIP: "10.96.0.1", ports: [{ port: 80, nodePort: 30_080 }] } }),
  service("api", "fd00::1", { status: { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } } }),
];

const cases: readonly [url: string, expected: string[]][] = [
  ["http://edge.example/", ["edge shop.example / /alive", "edge shop.example /api"]],
  ["http://edge.example/api", ["edge shop.example /api"]],
  ["http://edge.example/cart?id=1", ["edge shop.example /cart?id=1"]],
  ["http://10.96.0.1/", ["web.default.svc.cluster.local /"]],
  ["http://10.96.0.1:8443/x", ["web.default.svc.cluster.local /x"]],
  ["http://[fd00::1]/", ["api.default.svc.cluster.local /api /"]],
  ["http://192.0.2.7/", ["api.default.svc.cluster.local /api /"]],
  ["http://node-1:30080/", ["web.default.svc.cluster.local /"]],
];
for (const [url, expected] of cases) {
  test(`what ${url} leads to`, () => {
    const found = routesAt(new URL(url), routes, services).map(
      ({ route: { hostHeader, paths }, isEdge }) =>
        `${isEdge ? "edge " : ""}${hostHeader} ${paths.map(({ path }) => path).join(" ")}`,
    );
    assert.deepEqual(found, expected);
  });
}

test("the port of a ClusterIP decides between the ports of the Service", () => {
  const [only] = routesAt(new URL("http://10.96.0.1:8443/"), routes, services);
  assert.equal(only?.route.port, 8443);
});

test("without an Ingress an unknown address is an edge before the first Service, and is asked by its own name", () => {
  const [only, ...more] = routesAt(new URL("http://lb.example:8080/"), routes.slice(2), services);
  assert.deepEqual([only?.isEdge, only?.route.hostHeader, more], [true, "lb.example:8080", []]);
});

test("two URLs of one app are two groups, so that both are tried", () => {
  const groups = ["http://a.example/", "http://b.example/"].map(
    (url) => routesAt(new URL(url), routes, services)[0]?.route.group,
  );
  assert.notEqual(groups[0], groups[1]);
});
