import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ingress } from "@seaworthy/kube";
import { envoyBehavior } from "./proxy-behavior.ts";
import { createRouteTable } from "./route-table.ts";
import { routesOfIngresses } from "./routes-of-ingresses.ts";
import { ingressOf } from "../testing/test-data-plane.ts";

const tableOf = (ingresses: readonly Ingress[]) =>
  createRouteTable(routesOfIngresses(ingresses, envoyBehavior));

const rules = tableOf([
  ingressOf("shop", [
    ["shop.example", "/", "Prefix", "root"],
    ["shop.example", "/cart", "Exact", "cart-exact"],
    ["shop.example", "/cart", "Prefix", "cart"],
    ["shop.example", "/cart/items/", "Prefix", "items"],
    ["shop.example", "/loose", "ImplementationSpecific", "loose"],
    ["*.shop.example", "/", "Prefix", "wildcard"],
    ["exact.shop.example", "/only", "Exact", "only"],
  ]),
  ingressOf("fallback", [["", "/any", "Prefix", "any"]], { defaultService: "default" }),
  ingressOf("own-default", [["own.example", "/a", "Prefix", "a"]], { defaultService: "own" }),
  ingressOf("no-default", [["bare.example", "/a", "Prefix", "a"]]),
]);

for (const [host, target, service] of [
  ["shop.example", "/", "root"],
  ["shop.example", "/other?x=/cart", "root"],
  ["SHOP.example:8080", "/cart", "cart-exact"],
  ["shop.example", "/cart?a=1", "cart-exact"],
  ["shop.example", "/cart/", "cart"],
  ["shop.example", "/cart/x", "cart"],
  ["shop.example", "/cartoon", "root"],
  ["shop.example", "/cart/items", "items"],
  ["shop.example", "/cart/items/7", "items"],
  ["shop.example", "/loosely", "loose"],
  ["a.shop.example", "/x", "wildcard"],
  ["a.b.shop.example", "/x", "default"],
  ["a.b.shop.example", "/any/x", "any"],
  ["exact.shop.example", "/only", "only"],
  ["exact.shop.example", "/only/", "default"],
  ["own.example", "/b", "own"],
  ["bare.example", "/b", "default"],
  ["", "/any", "any"],
] as const) {
  test(`${host}${target} goes to ${service}`, () => {
    const match = rules.match(host, target);
    assert.equal(match?.route.backends[0]?.service, service);
    assert.equal(match?.target, target);
  });
}

test("without a default backend there is no route", () => {
  const bare = tableOf([ingressOf("a", [["a.example", "/a", "Prefix", "a"]])]);
  assert.equal(bare.match("a.example", "/b"), undefined);
  assert.equal(bare.match("b.example", "/a"), undefined);
});

test("the oldest Ingress wins where two say the same", () => {
  const both = tableOf([
    ingressOf("a", [["x.example", "/", "Prefix", "young"]], { createdAt: "2026-02-01T00:00:00Z" }),
    ingressOf("b", [["x.example", "/", "Prefix", "old"]], { createdAt: "2026-01-01T00:00:00Z" }),
  ]);
  assert.equal(both.match("x.example", "/")?.route.backends[0]?.service, "old");
});

const prefix = "nginx.ingress.kubernetes.io";
for (const [path, rewrite, target, expected] of [
  ["/api(/|$)(.*)", "/$2", "/api/users/7?q=1", "/users/7?q=1"],
  ["/api(/|$)(.*)", "/$2", "/API", "/"],
  ["/api(/|$)(.*)", "/v2/$2", "/api/x", "/v2/x"],
  ["/old", "/", "/old/path", "/"],
  ["/api(/|$)(.*)", "/$2", "/apix", undefined],
] as const) {
  test(`rewrite-target ${rewrite} on ${path} makes ${expected ?? "no route"} of ${target}`, () => {
    const annotations = { [`${prefix}/rewrite-target`]: rewrite };
    const one = tableOf([
      ingressOf("a", [["x.example", path, "ImplementationSpecific", "a"]], { annotations }),
    ]);
    assert.equal(one.match("x.example", target)?.target, expected);
  });
}

test("use-regex makes regexes of all paths of the host, longest first", () => {
  const annotations = { [`${prefix}/use-regex`]: "true" };
  const mixed = tableOf([
    ingressOf("a", [["x.example", "/[a-z]+/[0-9]+", "ImplementationSpecific", "regex"]], { annotations }),
    ingressOf("b", [["x.example", "/a", "Prefix", "plain"]]),
  ]);
  assert.equal(mixed.match("x.example", "/item/12")?.route.backends[0]?.service, "regex");
  assert.equal(mixed.match("x.example", "/about")?.route.backends[0]?.service, "plain");
});

test("a path that is no JavaScript regex is compared as text", () => {
  const annotations = { [`${prefix}/use-regex`]: "true" };
  const odd = tableOf([
    ingressOf("a", [["x.example", "/a(", "ImplementationSpecific", "odd"]], { annotations }),
  ]);
  assert.equal(odd.match("x.example", "/a(b")?.route.backends[0]?.service, "odd");
});
