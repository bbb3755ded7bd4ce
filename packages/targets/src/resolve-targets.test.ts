import assert from "node:assert/strict";
import { test } from "node:test";
import type { Method } from "./ask/ask.ts";
import type { ChosenTarget } from "./choose-targets.ts";
import { resolveTargets } from "./resolve-targets.ts";

function target(name: string, methods: readonly Method[], steady?: number, isGrpc?: true): ChosenTarget {
  return {
    name,
    path: "/",
    methods,
    steady,
    way: {
      route: {
        kind: "service",
        label: name,
        namespace: "default",
        service: name,
        port: 80,
        portName: "",
        dialPort: 80,
        hostHeader: name,
        paths: [],
        deployments: ["shop", name],
        group: name,
        ...(isGrpc === undefined ? {} : { isGrpc }),
      },
      via: { kind: "dialed" },
      isEdge: name === "edge",
      isOpaque: false,
      dial: () => Promise.reject(new Error(name)),
    },
  };
}

test("a target that takes GET only gets it twice, so that each target has its share", () => {
  const { targets, methods } = resolveTargets([target("a", ["GET", "POST"]), target("b", ["GET"])]);
  assert.deepEqual(methods, ["GET", "POST"]);
  assert.deepEqual(
    targets.map(({ name, methods: own, weight }) => [name, own, weight]),
    [
      ["a", undefined, undefined],
      ["b", ["GET"], 2],
    ],
  );
});

test("when no target takes POST there is nothing to make up for", () => {
  const { targets, methods } = resolveTargets([target("a", ["GET"]), target("b", ["GET"])]);
  assert.deepEqual(methods, ["GET"]);
  assert.ok(targets.every(({ methods: own, weight }) => own === undefined && weight === undefined));
});

test("a status that is always the same is good there, beside those that are good anyway", async () => {
  const { targets, dial, deployments, edges, services } = resolveTargets([
    target("a", ["GET"], 401),
    target("edge", ["GET"]),
  ]);
  assert.deepEqual(
    targets.map(({ status }) => status),
    [
      [
        [200, 399],
        [401, 401],
      ],
      undefined,
    ],
  );
  assert.deepEqual(deployments, ["default/shop", "default/a", "default/edge"]);
  assert.deepEqual([edges, services["a"]], [["edge"], { namespace: "default", name: "a" }]);
  await assert.rejects(dial!("edge", 1), /edge/);
});

test("a target that speaks gRPC gets calls, in its share, and the others get none", () => {
  const called = { ...target("carts", ["POST"], 12, true), path: "/grpc.health.v1.Health/Check" };
  const { targets, methods, calls, requests } = resolveTargets([target("a", ["GET", "POST"]), called]);
  assert.deepEqual([methods, requests], [["GET", "POST"], undefined]);
  assert.deepEqual(
    targets.map(({ name, protocol, weight, status }) => [name, protocol, weight, status]),
    [
      ["a", undefined, 1, undefined],
      ["carts", "h2", 2, undefined],
    ],
  );
  assert.deepEqual(
    calls.map(({ path, targets: names, status, grpc }) => [path, names, status, grpc]),
    [
      [
        "/grpc.health.v1.Health/Check",
        ["carts"],
        [
          [0, 0],
          [12, 12],
        ],
        true,
      ],
    ],
  );
});
