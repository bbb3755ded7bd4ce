import assert from "node:assert/strict";
import { test } from "node:test";
import type { GrpcRoute, GrpcRouteRule } from "@seaworthy/kube";
import { grpcRouteRules } from "./grpc-route-rules.ts";
import { appPathOf } from "./request-path.ts";

const to = { backendRefs: [{ name: "carts", port: 9090 }] };

function rulesOf(...rules: GrpcRouteRule[]) {
  const route: GrpcRoute = {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "GRPCRoute",
    metadata: { name: "carts", namespace: "shop" },
    spec: { hostnames: ["carts.example"], rules },
  };
  return grpcRouteRules([route], []);
}

test("a GRPCRoute leads to its Service, by gRPC", () => {
  const [only, ...more] = rulesOf({ matches: [{ method: { service: "shop.Carts" } }], ...to });
  assert.deepEqual(
    [only?.label, only?.host, only?.namespace, only?.service, only?.isGrpc, more],
    [
      "GRPCRoute carts.example/shop.Carts",
      "carts.example",
      "shop",
      { name: "carts", port: { number: 9090 } },
      true,
      [],
    ],
  );
});

test("a match takes the calls that it names, and no others", () => {
  const calls = ["/shop.Carts/Get", "/shop.Carts/Put", "/shop.Orders/Get", "/xshop.Carts/Get"];
  for (const [method, expected] of [
    [undefined, calls],
    [{ service: "shop.Carts" }, ["/shop.Carts/Get", "/shop.Carts/Put"]],
    [{ service: "shop.Carts", method: "Get" }, ["/shop.Carts/Get"]],
    [{ method: "Get" }, ["/shop.Carts/Get", "/shop.Orders/Get", "/xshop.Carts/Get"]],
    [{ type: "RegularExpression", service: "shop\\.[A-Z]\\w+" }, calls.slice(0, 3)],
  ] as const) {
    const [rule] = rulesOf({ matches: [method === undefined ? {} : { method }], ...to });
    assert.deepEqual(
      calls.filter((call) => appPathOf(rule!, call) === call),
      expected,
      JSON.stringify(method),
    );
  }
});

test("what wants certain headers is for other calls, and a rule without matches is for all", () => {
  const headers = [{ name: "x-beta", value: "1" }];
  assert.deepEqual(rulesOf({ matches: [{ headers }], ...to }), []);
  assert.equal(rulesOf(to)[0]?.pattern, "/");
});
