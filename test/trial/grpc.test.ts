import assert from "node:assert/strict";
import { test } from "node:test";
import { grpcApp } from "./grpc-app.ts";
import { seaworthy } from "../seaworthy-command.ts";
import { assertNoFailures, verdictOf } from "./verdict-of.ts";

const flags = ["--scenario", "rollout", "--rounds", "1", "--rate", "40"];

const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: carts, annotations: { nginx.ingress.kubernetes.io/backend-protocol: GRPC } }
spec:
  rules:
    - host: carts.example
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: carts, port: { number: 9090 } } } }] }
`;

const watched = "trial:\n  streams:\n    - { grpc: grpc.health.v1.Health/Watch, connections: 4 }\n";

test("a service of gRPC that drains loses no call and no stream, through its Service and through an Ingress", async (context) => {
  const folder = await grpcApp(context, { front: ingress, trial: watched });
  const { verdict } = await verdictOf(folder, ...flags);
  assertNoFailures(verdict);
  const { held, announced, broken } = verdict.streams!;
  assert.deepEqual([held, broken, announced >= 8], [8, 0, true]);
  assert.deepEqual(
    verdict.targets.map(({ name, methods, status }) => [name, methods, status]),
    [
      ["ingress", ["POST"], [[0, 0]]],
      ["service", ["POST"], [[0, 0]]],
    ],
  );
  assert.match(verdict.targets[0]?.url ?? "", /^https:.*\/grpc\.health\.v1\.Health\/Check/);
  assert.equal(verdict.terminations, 2);
});

const route = `apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: seaworthy }
spec: { controllerName: seaworthy.dev/gateway }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge }
spec: { gatewayClassName: seaworthy, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: { name: carts }
spec:
  parentRefs: [{ name: edge }]
  hostnames: [carts.example]
  rules: [{ matches: [{ method: { service: shop.Carts } }], backendRefs: [{ name: carts, port: 9090 }] }]
`;

const asked = `trial:
  requests:
    - { grpc: shop.Carts/Get, message: Nw==, weight: 3 }
    - { grpc: shop.Carts/Get, expect: NOT_FOUND }
`;

test("the calls that the settings name go through a GRPCRoute, each with the code that is good for it", async (context) => {
  const folder = await grpcApp(context, { front: route, trial: asked });
  const { verdict } = await verdictOf(folder, ...flags, "--profile", "envoy");
  assertNoFailures(verdict);
  assert.deepEqual(
    verdict.targets.map(({ name }) => name),
    ["ingress", "service"],
  );
});

test("calls and streams that a pod cuts are lost, with their pod and the cause", async (context) => {
  const folder = await grpcApp(context, { careless: true, trial: watched });
  const { exitCode, verdict } = await verdictOf(folder, ...flags);
  const { announced, broken, breaks } = verdict.streams!;
  assert.deepEqual([announced, broken >= 4, breaks.every(({ pod }) => pod !== null)], [0, true, true]);
  assert.deepEqual([exitCode, verdict.verdict], [1, "leaking"]);
  const causes = new Set(verdict.failures.map(({ cause }) => cause));
  assert.ok(
    causes.has("port-closed-before-endpoint-removed") || causes.has("connection-cut-on-exit"),
    [...causes].join(),
  );
});

test("a call that is answered badly before anything is rolled: exit 2, at its line", async (context) => {
  const trial = "trial:\n  requests:\n    - { grpc: shop.Carts/Get }\n";
  const folder = await grpcApp(context, { trial });
  const { exitCode, stderr } = await seaworthy(["trial", "app.yaml"], { cwd: folder });
  assert.equal(exitCode, 2, stderr);
  assert.match(stderr, /error\[SW1211\]: call of shop\.Carts\/Get is not answered well: service: NOT_FOUND/);
  assert.match(stderr, /seaworthy\.yaml:4/);
});
