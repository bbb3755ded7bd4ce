import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  Gateway,
  GatewayListener,
  GrpcRoute,
  HttpRoute,
  HttpRouteRule,
  Namespace,
  ReferenceGrant,
  RouteFilter,
} from "@seaworthy/kube";
import { edgeRequest, webService } from "../../testing/test-data-plane.ts";
import { envoyBehavior } from "../proxy-behavior.ts";
import { createRouteTable } from "../route-table.ts";
import { attachRoute } from "./attach-route.ts";
import { gatewayStatus, routeParents } from "./gateway-statuses.ts";
import type { GatewaySet } from "./gateway-set.ts";
import { routesOfGateways } from "./routes-of-gateways.ts";

type Asked = Parameters<typeof edgeRequest>[0];

test("the match that says most wins: path, then method, headers and parameters", () => {
  const ask = tableOf({
    httpRoutes: [
      httpRoute("web", [
        { ...to("root") },
        { matches: [{ path: { type: "PathPrefix", value: "/cart" } }], ...to("cart") },
        { matches: [{ path: { type: "Exact", value: "/cart" } }], ...to("exact") },
        { matches: [{ path: { type: "RegularExpression", value: "/c[a-z]+t" } }], ...to("regex") },
        { matches: [{ path: { type: "PathPrefix", value: "/cart" }, method: "POST" }], ...to("post") },
        {
          matches: [{ path: { value: "/cart" }, headers: [{ name: "X-Beta", value: "yes" }] }],
          ...to("beta"),
        },
        {
          matches: [
            {
              path: { value: "/cart" },
              queryParams: [{ type: "RegularExpression", name: "v", value: "\\d+" }],
            },
          ],
          ...to("numbered"),
        },
      ]),
    ],
  });
  for (const [asked, service] of [
    [{}, "root"],
    [{ target: "/cartoon" }, "root"],
    [{ target: "/cart" }, "exact"],
    [{ target: "/cart?v=1" }, "exact"],
    [{ target: "/cart/1" }, "cart"],
    [{ target: "/comet" }, "regex"],
    [{ target: "/comets" }, "root"],
    [{ target: "/cart/1", method: "POST", headers: { "x-beta": "yes" } }, "post"],
    [{ target: "/cart/1", headers: { "x-beta": "yes" } }, "beta"],
    [{ target: "/cart/1?v=12" }, "numbered"],
    [{ target: "/cart/1?v=x" }, "cart"],
  ] as const satisfies readonly (readonly [Asked, string])[])
    assert.equal(ask(asked).service, service, JSON.stringify(asked));
});

test("hosts: those of the route within those of the listener, a wildcard for any number of labels, by scheme", () => {
  const ask = tableOf({
    listeners: [
      { name: "http", port: 80, protocol: "HTTP" },
      { name: "https", port: 443, protocol: "HTTPS", hostname: "*.shop.example" },
    ],
    httpRoutes: [
      httpRoute("own", [to("own")], { hostnames: ["a.shop.example", "other.example"], sectionName: "https" }),
      httpRoute("wide", [to("wide")], { sectionName: "https" }),
      httpRoute("any", [to("any")], { sectionName: "http" }),
    ],
  });
  const tls = { isTls: true };
  for (const [host, connection, service] of [
    ["a.shop.example", tls, "own"],
    ["b.shop.example", tls, "wide"],
    ["c.b.shop.example:8443", tls, "wide"],
    ["shop.example", tls, undefined],
    ["other.example", tls, undefined],
    ["a.shop.example", {}, "any"],
    ["whatever.example", {}, "any"],
  ] as const)
    assert.equal(ask({ host, connection }).service, service, host);
});

test("filters change requests and answers, redirect, and rewrite", () => {
  const filter = (...filters: RouteFilter[]) =>
    tableOf({
      httpRoutes: [
        httpRoute("web", [
          { matches: [{ path: { type: "PathPrefix", value: "/api" } }], filters, ...to("web") },
        ]),
      ],
    });
  const prefix = (replacePrefixMatch: string) =>
    ({
      type: "URLRewrite",
      urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch } },
    }) as const;
  for (const [replacement, target, expected] of [
    ["/", "/api/x?q=1", "/x?q=1"],
    ["/", "/api", "/"],
    ["/v2", "/api/", "/v2/"],
    ["/v2/", "/api/x", "/v2/x"],
  ] as const)
    assert.equal(filter(prefix(replacement))({ target }).target, expected);
  const full = { type: "ReplaceFullPath", replaceFullPath: "/all" };
  const rewritten = filter({ type: "URLRewrite", urlRewrite: { hostname: "pod.example", path: full } });
  assert.deepEqual(
    [rewritten({ target: "/api/x" }).target, rewritten({ target: "/api/x" }).route?.rewriteHost],
    ["/all", "pod.example"],
  );
  const redirected = (requestRedirect: NonNullable<RouteFilter["requestRedirect"]>, asked: Asked = {}) => {
    const connection = { barePort: 8080, tlsPort: 8443, ...asked?.connection };
    const own = filter({ type: "RequestRedirect", requestRedirect })({
      target: "/api/x?q=1",
      ...asked,
      connection,
    }).own;
    return [own?.status, own?.headers?.[1]];
  };
  assert.deepEqual(redirected({ scheme: "https", statusCode: 301 }), [
    301,
    "https://shop.example:8443/api/x?q=1",
  ]);
  assert.deepEqual(redirected({ hostname: "new.example", port: 9090, path: full }), [
    302,
    "http://new.example:9090/all?q=1",
  ]);
  assert.deepEqual(redirected({ scheme: "https", port: 443 }, { connection: { tlsPort: 443 } }), [
    302,
    "https://shop.example/api/x?q=1",
  ]);
  const cors = filter({
    type: "CORS",
    cors: {
      allowOrigins: ["https://*.example"],
      allowMethods: ["GET", "PUT"],
      allowCredentials: true,
      maxAge: 60,
    },
  });
  const page = { target: "/api", headers: { origin: "https://www.example" } };
  const preflight = {
    ...page,
    method: "OPTIONS",
    headers: { ...page.headers, "access-control-request-method": "PUT" },
  };
  assert.equal(cors(preflight).own?.status, 200);
  assert.deepEqual(
    new Map(cors(preflight).responseHeaders?.set).get("Access-Control-Allow-Methods"),
    "GET, PUT",
  );
  assert.equal(cors(page).own, undefined);
  assert.deepEqual(cors(page).responseHeaders?.set, [
    ["Access-Control-Allow-Origin", "https://www.example"],
    ["Access-Control-Allow-Credentials", "true"],
  ]);
  assert.deepEqual(
    cors({ target: "/api", headers: { origin: "https://evil.test" } }).responseHeaders?.set,
    [],
  );
});

test("a backend that cannot be used answers its share with 500, and a rule without any all of it", () => {
  const routed = (...backendRefs: NonNullable<HttpRouteRule["backendRefs"]>) =>
    tableOf({ httpRoutes: [httpRoute("web", [{ backendRefs }])] })({});
  const { route } = routed({ name: "web", port: 80, weight: 9 }, { name: "missing", port: 80, weight: 1 });
  assert.deepEqual(
    route?.backends.map(({ weight, answer }) => [weight, answer?.status]),
    [
      [9, undefined],
      [1, 500],
    ],
  );
  assert.equal(routed().own?.status, 500);
  assert.equal(routed({ name: "web", port: 80, weight: 0 }).own?.status, 500);
  for (const broken of [
    { name: "web", port: 81 },
    { name: "web", kind: "Bucket", port: 80 },
    { name: "web" },
  ])
    assert.equal(routed(broken).route?.backends[0]?.answer?.status, 500, JSON.stringify(broken));
});

test("timeouts of a rule are those of its requests", () => {
  const timeouts = { request: "1m30s", backendRequest: "250ms" };
  const { route } = tableOf({ httpRoutes: [httpRoute("web", [{ timeouts, ...to("web") }])] })({});
  assert.deepEqual([route?.behavior.answerTimeoutMs, route?.behavior.readTimeoutMs], [90_000, 250]);
  const off = { request: "0s" };
  const none = tableOf({ httpRoutes: [httpRoute("web", [{ timeouts: off, ...to("web") }])] })({});
  assert.equal(none.route?.behavior.answerTimeoutMs, undefined);
});

test("gRPC calls are matched by service and method, and spoken over HTTP/2 to the pods", () => {
  const grpc: GrpcRoute = {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "GRPCRoute",
    metadata: { name: "greet", namespace: "default" },
    spec: {
      parentRefs: [{ name: "edge" }],
      rules: [
        { matches: [{ method: { service: "greet.v1", method: "Hello" } }], ...to("hello") },
        { matches: [{ method: { service: "greet.v1" } }], ...to("greet") },
      ],
    },
  };
  const ask = tableOf({ grpcRoutes: [grpc] });
  assert.equal(ask({ method: "POST", target: "/greet.v1/Hello" }).service, "hello");
  assert.equal(ask({ method: "POST", target: "/greet.v1/Bye" }).service, "greet");
  assert.equal(ask({ method: "POST", target: "/greet.v1/Bye" }).route?.protocol, "h2c");
  assert.equal(ask({ method: "POST", target: "/other/Bye" }).route, undefined);
});

test("listeners choose by namespace, and say why they do not take a route", () => {
  const from = (namespaces: NonNullable<GatewayListener["allowedRoutes"]>["namespaces"]) =>
    setOf({
      listeners: [{ name: "http", port: 80, protocol: "HTTP", allowedRoutes: { namespaces: namespaces! } }],
    });
  const route = httpRoute("web", [to("web")], { namespace: "shop", parentNamespace: "default" });
  const selector = { matchLabels: { edge: "yes" } };
  for (const [namespaces, reason] of [
    [{ from: "Same" }, "NotAllowedByListeners"],
    [{ from: "All" }, "Accepted"],
    [{ from: "Selector", selector }, "Accepted"],
    [{ from: "Selector", selector: { matchLabels: { edge: "no" } } }, "NotAllowedByListeners"],
  ] as const)
    assert.equal(attachRoute(route, from(namespaces))[0]?.reason, reason, JSON.stringify(namespaces));
  const set = setOf({ listeners: [{ name: "http", port: 80, protocol: "HTTP", hostname: "shop.example" }] });
  const reasonOf = (more: Parameters<typeof httpRoute>[2]) =>
    attachRoute(httpRoute("web", [], more), set)[0]?.reason;
  assert.equal(reasonOf({ sectionName: "https" }), "NoMatchingParent");
  assert.equal(reasonOf({ hostnames: ["other.example"] }), "NoMatchingListenerHostname");
  const orphan = httpRoute("web", [to("web")], { parentNamespace: "infra" });
  assert.deepEqual(
    attachRoute(orphan, set).map(({ gateway, listeners }) => [
      gateway,
      listeners.map(({ scheme }) => scheme),
    ]),
    [[undefined, ["http", "https"]]],
  );
});

test("another namespace's Service is used by its leave only", () => {
  const route = httpRoute("web", [{ backendRefs: [{ name: "web", namespace: "shop", port: 80 }] }]);
  const grant = (kind: string): ReferenceGrant => ({
    apiVersion: "gateway.networking.k8s.io/v1beta1",
    kind: "ReferenceGrant",
    metadata: { name: "edge", namespace: "shop" },
    spec: {
      from: [{ group: "gateway.networking.k8s.io", kind, namespace: "default" }],
      to: [{ group: "", kind: "Service" }],
    },
  });
  for (const [grants, reason] of [
    [[], "RefNotPermitted"],
    [[grant("GRPCRoute")], "RefNotPermitted"],
    [[grant("HTTPRoute")], "ResolvedRefs"],
  ] as const) {
    const [parent] = routeParents(route, setOf({ httpRoutes: [route], grants }), 0);
    assert.deepEqual(
      parent?.conditions.map(({ type, reason: why }) => [type, why]),
      [
        ["Accepted", "Accepted"],
        ["ResolvedRefs", reason],
      ],
    );
  }
});

test("the status of a Gateway tells its address, its listeners and how many routes each has", () => {
  const listeners = [
    { name: "http", port: 80, protocol: "HTTP" },
    { name: "https", port: 443, protocol: "HTTPS", tls: { certificateRefs: [{ name: "missing" }] } },
    { name: "tcp", port: 5432, protocol: "TCP" },
  ];
  const httpRoutes = [httpRoute("a", [], { sectionName: "http" }), httpRoute("b", [])];
  const set = setOf({ listeners, httpRoutes });
  const status = gatewayStatus(set.gateways[0]!, set, "127.0.0.1", 0);
  const told = (conditions: readonly { type: string; status: string; reason?: string }[] = []) =>
    conditions.map(({ type, status: now, reason }) => `${type} ${now} ${reason}`);
  assert.deepEqual(status.addresses, [{ type: "IPAddress", value: "127.0.0.1" }]);
  assert.deepEqual(told(status.conditions), [
    "Accepted True ListenersNotValid",
    "Programmed True Programmed",
  ]);
  assert.deepEqual(
    status.listeners?.map(({ attachedRoutes }) => attachedRoutes),
    [2, 1, 0],
  );
  assert.equal(told(status.listeners?.[1]?.conditions).at(-1), "ResolvedRefs False InvalidCertificateRef");
  assert.equal(told(status.listeners?.[2]?.conditions)[0], "Accepted False UnsupportedProtocol");
});

const http: GatewayListener = { name: "http", port: 80, protocol: "HTTP" };

interface Parts extends Partial<Pick<GatewaySet, "httpRoutes" | "grpcRoutes" | "grants">> {
  readonly listeners?: GatewayListener[];
}

function setOf({ listeners = [http], ...more }: Parts): GatewaySet {
  const gateway: Gateway = {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name: "edge", namespace: "default" },
    spec: { gatewayClassName: "any", listeners },
  };
  const namespace: Namespace = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "shop", labels: { edge: "yes" } },
  };
  return {
    classes: [],
    gateways: [gateway],
    httpRoutes: [],
    grpcRoutes: [],
    grants: [],
    ...more,
    service: (_namespace, name) => (name === "missing" ? undefined : webService()),
    namespace: (name) => (name === "shop" ? namespace : undefined),
    secret: () => undefined,
  };
}

/** Asks the routes of a set, and tells what came of it. */
function tableOf(parts: Parts) {
  const table = createRouteTable(routesOfGateways(setOf(parts), envoyBehavior));
  return (asked: Asked) => {
    const request = edgeRequest(asked);
    const found = table.match(request);
    return {
      route: found?.route,
      target: found?.target,
      service: found?.route.backends[0]?.service,
      own: found?.route.answer?.(request),
      responseHeaders: found?.route.responseHeaders?.(request),
    };
  };
}

function to(name: string): Pick<HttpRouteRule, "backendRefs"> {
  return { backendRefs: [{ name, port: 80 }] };
}

function httpRoute(
  name: string,
  rules: HttpRouteRule[],
  more: {
    readonly hostnames?: string[];
    readonly sectionName?: string;
    readonly namespace?: string;
    readonly parentNamespace?: string;
  } = {},
): HttpRoute {
  const { hostnames, sectionName, namespace = "default", parentNamespace } = more;
  const parent = {
    name: "edge",
    ...(sectionName === undefined ? {} : { sectionName }),
    ...(parentNamespace === undefined ? {} : { namespace: parentNamespace }),
  };
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name, namespace },
    spec: { parentRefs: [parent], ...(hostnames === undefined ? {} : { hostnames }), rules },
  };
}
