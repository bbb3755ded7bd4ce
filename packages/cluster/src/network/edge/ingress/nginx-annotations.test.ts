import assert from "node:assert/strict";
import { test } from "node:test";
import { edgeRequest, ingressOf } from "../../testing/test-data-plane.ts";
import { envoyBehavior, nginxBehavior } from "../proxy-behavior.ts";
import { createRouteTable } from "../route-table.ts";
import { routesOfIngresses } from "./routes-of-ingresses.ts";

const prefix = "nginx.ingress.kubernetes.io";

/** Asks a shop with these annotations, and a canary of it where one is given. */
function shopWith(settings: Record<string, string>, canary?: Record<string, string>) {
  const annotated = (name: string, own: Record<string, string>) =>
    ingressOf(name, [["shop.example", "/", "Prefix", name]], {
      annotations: Object.fromEntries(Object.entries(own).map(([key, value]) => [`${prefix}/${key}`, value])),
    });
  const ingresses = [
    annotated("shop", settings),
    ...(canary === undefined ? [] : [annotated("next", { canary: "true", ...canary })]),
  ];
  const table = createRouteTable(routesOfIngresses(ingresses, nginxBehavior));
  return (asked: Parameters<typeof edgeRequest>[0] = {}) => {
    const request = edgeRequest(asked);
    const route = table.match(request)?.route;
    const own = route?.answer?.(request);
    return {
      route,
      told: own === undefined ? undefined : [own.status, own.headers?.[1]],
      headers: new Map(route?.responseHeaders?.(request)?.set),
      shares: route?.backends.map(({ service, weight }) => `${service} ${weight}`),
    };
  };
}

test("redirects: permanent, temporal and of the root", () => {
  const permanent = shopWith({ "permanent-redirect": "https://new.example/x" });
  assert.deepEqual(permanent({ target: "/a" }).told, [301, "https://new.example/x"]);
  const code = shopWith({ "permanent-redirect": "/x", "permanent-redirect-code": "308" });
  assert.deepEqual(code().told, [308, "/x"]);
  assert.deepEqual(shopWith({ "temporal-redirect": "/y" })().told, [302, "/y"]);
  const root = shopWith({ "app-root": "/app" });
  assert.deepEqual(root({ target: "/?a=b", host: "shop.example:8080" }).told, [
    302,
    "http://shop.example:8080/app",
  ]);
  assert.equal(root({ target: "/app" }).told, undefined);
});

test("CORS: every answer has the headers, and the edge answers OPTIONS", () => {
  const open = shopWith({ "enable-cors": "true" });
  assert.deepEqual(open({ method: "OPTIONS" }).told, [204, undefined]);
  assert.deepEqual([...open().headers].slice(0, 3), [
    ["Access-Control-Allow-Origin", "*"],
    ["Access-Control-Allow-Credentials", "true"],
    ["Access-Control-Allow-Methods", "GET, PUT, POST, DELETE, PATCH, OPTIONS"],
  ]);
  const some = shopWith({
    "enable-cors": "true",
    "cors-allow-origin": "https://*.shop.example, https://b.example",
    "cors-allow-credentials": "false",
    "cors-expose-headers": "X-Total",
  });
  const from = (origin: string) => some({ method: "OPTIONS", headers: { origin } });
  assert.equal(
    from("https://www.shop.example").headers.get("Access-Control-Allow-Origin"),
    "https://www.shop.example",
  );
  assert.equal(from("https://b.example").headers.get("Access-Control-Expose-Headers"), "X-Total");
  assert.equal(from("https://b.example").headers.has("Access-Control-Allow-Credentials"), false);
  assert.deepEqual(
    [from("https://evil.example").told, from("https://evil.example").headers.size],
    [undefined, 0],
  );
  assert.equal(shopWith({})().route?.responseHeaders, undefined);
});

test("backend-protocol chooses how pods are spoken to", () => {
  for (const [name, protocol] of [
    ["HTTP", undefined],
    ["HTTPS", "https"],
    ["GRPC", "h2c"],
  ] as const)
    assert.equal(shopWith({ "backend-protocol": name })().route?.protocol, protocol);
});

test("affinity by cookie has the name and the attributes that are asked for", () => {
  assert.deepEqual(shopWith({ affinity: "cookie" })().route?.affinity, {
    cookie: "INGRESSCOOKIE",
    attributes: "; Path=/; HttpOnly",
  });
  const own = {
    "session-cookie-name": "pod",
    "session-cookie-max-age": "60",
    "session-cookie-samesite": "Lax",
  };
  assert.deepEqual(shopWith({ affinity: "cookie", ...own })().route?.affinity, {
    cookie: "pod",
    attributes: "; Max-Age=60; Path=/; SameSite=Lax; HttpOnly",
  });
});

test("a canary takes its share of the same path, and what its header or cookie says", () => {
  const ask = shopWith(
    {},
    { "canary-weight": "10", "canary-by-header": "X-Canary", "canary-by-cookie": "canary" },
  );
  for (const [headers, shares] of [
    [{}, ["shop 90", "next 10"]],
    [{ "x-canary": "always" }, ["next 1"]],
    [{ "x-canary": "never" }, ["shop 1"]],
    [{ "x-canary": "perhaps" }, ["shop 90", "next 10"]],
    [{ cookie: "a=b; canary=always" }, ["next 1"]],
    [{ "x-canary": "never", cookie: "canary=always" }, ["shop 1"]],
  ] as const)
    assert.deepEqual(ask({ headers }).shares, shares, JSON.stringify(headers));
  const valued = shopWith({}, { "canary-by-header": "Region", "canary-by-header-value": "eu" });
  assert.deepEqual(valued({ headers: { region: "eu" } }).shares, ["next 1"]);
  assert.deepEqual(valued({ headers: { region: "always" } }).shares, ["shop 100", "next 0"]);
});

test("annotations that change what is asked work with every edge, and those of the proxy with nginx only", () => {
  const annotations = { [`${prefix}/app-root`]: "/app", [`${prefix}/proxy-body-size`]: "8m" };
  const ingress = ingressOf("shop", [["shop.example", "/", "Prefix", "shop"]], { annotations });
  const of = (behavior: typeof nginxBehavior) => {
    const request = edgeRequest();
    const route = createRouteTable(routesOfIngresses([ingress], behavior)).match(request)?.route;
    return [route?.answer?.(request)?.status, route?.behavior.requestBuffer?.maxBytes];
  };
  assert.deepEqual(of(nginxBehavior), [302, 8 * 1024 * 1024]);
  assert.deepEqual(of(envoyBehavior), [302, undefined]);
});
