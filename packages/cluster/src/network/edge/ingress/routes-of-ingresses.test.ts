import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ingress } from "@seaworthy/kube";
import { envoyBehavior, nginxBehavior } from "../proxy-behavior.ts";
import { createRouteTable } from "../route-table.ts";
import { routesOfIngresses } from "./routes-of-ingresses.ts";
import { edgeRequest, ingressOf } from "../../testing/test-data-plane.ts";

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
    const match = rules.match(edgeRequest({ host, target }));
    assert.equal(match?.route.backends[0]?.service, service);
    assert.equal(match?.target, target);
  });
}

test("without a default backend there is no route", () => {
  const bare = tableOf([ingressOf("a", [["a.example", "/a", "Prefix", "a"]])]);
  assert.equal(bare.match(edgeRequest({ host: "a.example", target: "/b" })), undefined);
  assert.equal(bare.match(edgeRequest({ host: "b.example", target: "/a" })), undefined);
});

test("the oldest Ingress wins where two say the same", () => {
  const both = tableOf([
    ingressOf("a", [["x.example", "/", "Prefix", "young"]], { createdAt: "2026-02-01T00:00:00Z" }),
    ingressOf("b", [["x.example", "/", "Prefix", "old"]], { createdAt: "2026-01-01T00:00:00Z" }),
  ]);
  assert.equal(both.match(edgeRequest({ host: "x.example" }))?.route.backends[0]?.service, "old");
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
    assert.equal(one.match(edgeRequest({ host: "x.example", target }))?.target, expected);
  });
}

test("use-regex makes regexes of all paths of the host, longest first", () => {
  const annotations = { [`${prefix}/use-regex`]: "true" };
  const mixed = tableOf([
    ingressOf("a", [["x.example", "/[a-z]+/[0-9]+", "ImplementationSpecific", "regex"]], { annotations }),
    ingressOf("b", [["x.example", "/a", "Prefix", "plain"]]),
  ]);
  assert.equal(
    mixed.match(edgeRequest({ host: "x.example", target: "/item/12" }))?.route.backends[0]?.service,
    "regex",
  );
  assert.equal(
    mixed.match(edgeRequest({ host: "x.example", target: "/about" }))?.route.backends[0]?.service,
    "plain",
  );
});

test("a path that is no JavaScript regex is compared as text", () => {
  const annotations = { [`${prefix}/use-regex`]: "true" };
  const odd = tableOf([
    ingressOf("a", [["x.example", "/a(", "ImplementationSpecific", "odd"]], { annotations }),
  ]);
  assert.equal(
    odd.match(edgeRequest({ host: "x.example", target: "/a(b" }))?.route.backends[0]?.service,
    "odd",
  );
});

for (const [name, tls, annotations, expected] of [
  ["a host with TLS", ["shop.example"], {}, "https://shop.example:8443/a?b=c"],
  ["a host of a wildcard with TLS", ["*.example"], {}, "https://shop.example:8443/a?b=c"],
  ["a host without TLS", ["other.example"], {}, undefined],
  ["ssl-redirect: false", ["shop.example"], { [`${prefix}/ssl-redirect`]: "false" }, undefined],
  ["force-ssl-redirect", [], { [`${prefix}/force-ssl-redirect`]: "true" }, "https://shop.example:8443/a?b=c"],
] as const) {
  test(`nginx: ${name} is ${expected === undefined ? "not redirected" : "redirected to HTTPS"}`, () => {
    const ingress = ingressOf("a", [["shop.example", "/", "Prefix", "a"]], { annotations });
    const secured = { ...ingress, spec: { ...ingress.spec, tls: [{ hosts: [...tls] }] } };
    const ask = (isTls: boolean, behavior = nginxBehavior) => {
      const asked = edgeRequest({
        host: "shop.example:8080",
        target: "/a?b=c",
        connection: { isTls, tlsPort: 8443 },
      });
      const table = createRouteTable(routesOfIngresses([secured], behavior));
      return table.match(asked)?.route.answer?.(asked);
    };
    const told = ask(false);
    assert.deepEqual([told?.status, told?.headers?.[1]], [expected && 308, expected]);
    assert.equal(ask(true), undefined);
    assert.equal(ask(false, envoyBehavior), undefined, "other edges do not redirect by themselves");
  });
}
