import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container, Pod, Service, ServicePort } from "@seaworthy/kube";
import { standInPorts } from "./stand-in-ports.ts";

function portsOf(container: Omit<Container, "name">, ...servicePorts: ServicePort[]): string[] {
  const own: Container = { name: "app", image: "app:1", ...container };
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "app", namespace: "shop", labels: { app: "app" } },
    spec: { containers: [own] },
  };
  const service: Service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "app", namespace: "shop" },
    spec: { selector: { app: "app" }, ports: servicePorts },
  };
  return standInPorts(pod, own, [service]).map(({ port, speaks }) => `${port} ${speaks}`);
}

const cases: readonly [
  name: string,
  container: Omit<Container, "name">,
  ports: ServicePort[],
  expected: string[],
][] = [
  ["a declared port, whatever its number", { ports: [{ containerPort: 18_080 }] }, [], ["18080 http"]],
  ["no port, though a Service sends requests to one", {}, [{ port: 80, targetPort: 8080 }], []],
  ["the port of a probe", { livenessProbe: { httpGet: { port: 8081 } } }, [], ["8081 http"]],
  [
    "the port of a probe by its name, once",
    { ports: [{ name: "web", containerPort: 3000 }], readinessProbe: { tcpSocket: { port: "web" } } },
    [],
    ["3000 http"],
  ],
  ["a port named grpc", { ports: [{ name: "grpc", containerPort: 8080 }] }, [], ["8080 nothing"]],
  ["grpc-web, which is HTTP", { ports: [{ name: "grpc-web", containerPort: 8080 }] }, [], ["8080 http"]],
  [
    "a port that a Service calls grpc",
    { ports: [{ containerPort: 7000 }] },
    [{ name: "grpc", port: 7000 }],
    ["7000 nothing"],
  ],
  [
    "a port of another appProtocol, by its name",
    { ports: [{ name: "api", containerPort: 7000 }] },
    [{ port: 80, targetPort: "api", appProtocol: "kubernetes.io/h2c" }],
    ["7000 nothing"],
  ],
  [
    "a gRPC probe",
    { ports: [{ containerPort: 9555 }], livenessProbe: { grpc: { port: 9555 } } },
    [],
    ["9555 nothing"],
  ],
  ["a database's number", { ports: [{ containerPort: 5432 }] }, [], ["5432 nothing"]],
  [
    "a database's number that is probed over HTTP",
    { ports: [{ containerPort: 6379 }], readinessProbe: { httpGet: { port: 6379 } } },
    [],
    ["6379 http"],
  ],
  [
    "a name with another protocol in it",
    { ports: [{ name: "tcp-queue", containerPort: 7001 }] },
    [],
    ["7001 nothing"],
  ],
  [
    "a name that only contains one",
    { ports: [{ name: "admin-dnsx", containerPort: 7002 }] },
    [],
    ["7002 http"],
  ],
  [
    "UDP beside TCP",
    { ports: [{ containerPort: 53, protocol: "UDP" }, { containerPort: 8080 }] },
    [],
    ["8080 http"],
  ],
];

for (const [name, container, servicePorts, expected] of cases) {
  test(`a stand-in and ${name}`, () => {
    assert.deepEqual(portsOf(container, ...servicePorts), expected);
  });
}
