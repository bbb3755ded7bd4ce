import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests, type KubeObject } from "@seaworthy/kube";
import { findRoutes } from "./find-routes.ts";
import type { RouteWishes } from "./route.ts";

/** Container fields as YAML in one line, for a Deployment and its pods' label `app`. */
function deployment(name: string, container = "ports: [{ containerPort: 8080 }]"): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: ${name}, image: "${name}:1", ${container} }] }
---`;
}

function service(
  name: string,
  ports = "[{ port: 80, targetPort: 8080 }]",
  more = `selector: { app: ${name} }`,
): string {
  return `
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { ports: ${ports}, ${more} }
---`;
}

function ingress(paths: string, annotations = ""): string {
  return `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: edge, annotations: { ${annotations} } }
spec: { rules: [{ host: shop.example, http: { paths: [${paths}] } }] }
---`;
}

function path(pattern: string, name: string, port = "number: 80", pathType = "Prefix"): string {
  return `{ path: "${pattern}", pathType: ${pathType}, backend: { service: { name: ${name}, port: { ${port} } } } }`;
}

function found(text: string, wishes?: RouteWishes) {
  const objects: KubeObject[] = parseManifests("app.yaml", text).map(({ object }) => object);
  const { routes, leftOut } = findRoutes(objects, wishes);
  return {
    routes: routes.map(({ label, paths }) => `${label} ${paths.map((each) => each.path).join(" ")}`),
    leftOut: leftOut.map(({ reason, what }) => `${reason}: ${what}`),
    all: routes,
  };
}

const probed = (liveness: string, readiness: string, ports: string) =>
  `ports: ${ports}, livenessProbe: { httpGet: ${liveness} }, readinessProbe: { httpGet: ${readiness} }`;

const pathCases: readonly [name: string, text: string, expected: string[]][] = [
  [
    "a liveness path on the port that the route leads to comes last, a readiness path never",
    deployment(
      "web",
      probed("{ path: /alive, port: 8080 }", "{ path: /ready, port: 8080 }", "[{ containerPort: 8080 }]"),
    ) + service("web"),
    ["Service web:80 / /alive"],
  ],
  [
    "a probe's path on a port of its own is none of the route's",
    deployment(
      "web",
      probed(
        "{ path: /alive, port: mgmt }",
        "{ path: /ready, port: mgmt }",
        "[{ containerPort: 8080 }, { name: mgmt, containerPort: 8081 }]",
      ),
    ) + service("web"),
    ["Service web:80 /"],
  ],
  [
    "a probe by the port's name is of the number that the Service leads to by another way",
    deployment(
      "web",
      probed("{ path: alive, port: main }", "{ port: main }", "[{ name: main, containerPort: 3000 }]"),
    ) + service("web", "[{ port: 80, targetPort: 3000 }]"),
    ["Service web:80 / /alive"],
  ],
  [
    "a number in quotes is a number, and a startup probe counts",
    deployment(
      "web",
      'ports: [{ containerPort: 9000 }], startupProbe: { httpGet: { path: /started, port: "9000" } }',
    ) + service("web", "[{ port: 9000 }]"),
    ["Service web:9000 / /started"],
  ],
  [
    "a probe over HTTPS says nothing about HTTP",
    deployment("web", "livenessProbe: { httpGet: { path: /alive, port: 8080, scheme: HTTPS } }") +
      service("web"),
    ["Service web:80 /"],
  ],
  [
    "an Ingress' own path comes first, and the Service behind gets it, too",
    deployment(
      "web",
      probed("{ path: /alive, port: 8080 }", "{ path: /ready, port: 8080 }", "[{ containerPort: 8080 }]"),
    ) +
      service("web") +
      ingress(path("/shop", "web")),
    ["Ingress shop.example/shop /shop", "Service web:80 /shop / /alive"],
  ],
  [
    "a path that another rule takes is not this rule's",
    deployment(
      "web",
      probed("{ path: /api/alive, port: 8080 }", "{ port: 8080 }", "[{ containerPort: 8080 }]"),
    ) +
      service("web") +
      deployment("api") +
      service("api") +
      ingress(`${path("/", "web")}, ${path("/api", "api")}`),
    [
      "Ingress shop.example/ /",
      "Ingress shop.example/api /api",
      "Service web:80 / /api/alive",
      "Service api:80 /api /",
    ],
  ],
  [
    "two rules to one Service are one target behind them",
    deployment("web") + service("web") + ingress(`${path("/a", "web")}, ${path("/b", "web")}`),
    ["Ingress shop.example/a /a", "Ingress shop.example/b /b", "Service web:80 /a /b /"],
  ],
  [
    "a Service that no Ingress leads to is called by others in the cluster",
    deployment("web") + service("web") + deployment("api") + service("api") + ingress(path("/", "web")),
    ["Ingress shop.example/ /", "Service web:80 /", "Service api:80 /"],
  ],
  [
    "neither the number nor the name of a port says that it is HTTP",
    deployment("hello", "ports: [{ containerPort: 8666 }]") +
      service("hello", "[{ name: main, port: 8666 }]"),
    ["Service hello:8666 /"],
  ],
];

for (const [name, text, expected] of pathCases) {
  test(name, () => {
    assert.deepEqual(found(text).routes, expected);
  });
}

const leftOutCases: readonly [name: string, text: string, expected: string[]][] = [
  [
    "an external name",
    service("blog", "[{ port: 80 }]", "type: ExternalName, externalName: blog.example"),
    ["external: Service blog"],
  ],
  [
    "an external name behind an Ingress, once",
    service("blog", "[{ port: 80 }]", "type: ExternalName, externalName: blog.example") +
      ingress(path("/blog", "blog")),
    ["external: Ingress shop.example/blog (Service blog)"],
  ],
  [
    "a Service of these files that is not there",
    ingress(path("/", "none")),
    ["no-service: Ingress shop.example/ (Service none)"],
  ],
  [
    "a port that the Service does not have",
    deployment("web") + service("web") + ingress(path("/", "web", "name: http")),
    ["no-port: Ingress shop.example/ (Service web)"],
  ],
  [
    "a port that is UDP only",
    deployment("web") +
      service("web", "[{ port: 443, protocol: UDP }]") +
      ingress(path("/", "web", "number: 443")),
    ["no-port: Ingress shop.example/ (Service web)", "not-tcp: Service web:443"],
  ],
  [
    "pods of another kind",
    service("session") + ingress(path("/s", "session")),
    ["no-deployment: Ingress shop.example/s (Service session)"],
  ],
  ["UDP", deployment("a") + service("a", "[{ port: 53, protocol: UDP }]"), ["not-tcp: Service a:53"]],
  [
    "a headless Service",
    deployment("a") + service("a", "[{ port: 80 }]", "clusterIP: None, selector: { app: a }"),
    ["headless: Service a"],
  ],
];

for (const [name, text, expected] of leftOutCases) {
  test(`left out: ${name}`, () => {
    assert.deepEqual(found(text).leftOut, expected);
  });
}

const grpcCases: readonly [name: string, text: string, expected: string[]][] = [
  [
    "the Service port's name",
    deployment("a") + service("a", "[{ name: grpc-main, port: 80, targetPort: 8080 }]"),
    ["Service a:80"],
  ],
  [
    "the container port's name",
    deployment("a", "ports: [{ name: grpc, containerPort: 8080 }]") + service("a"),
    ["Service a:80"],
  ],
  [
    "the appProtocol h2c",
    deployment("a") + service("a", "[{ port: 80, targetPort: 8080, appProtocol: kubernetes.io/h2c }]"),
    ["Service a:80"],
  ],
  [
    "a probe of the port",
    deployment("a", "ports: [{ containerPort: 8080 }], livenessProbe: { grpc: { port: 8080 } }") +
      service("a"),
    ["Service a:80"],
  ],
  [
    "the Ingress' annotation",
    deployment("a") +
      service("a") +
      ingress(path("/", "a"), 'nginx.ingress.kubernetes.io/backend-protocol: "GRPC"'),
    ["Ingress shop.example/", "Service a:80"],
  ],
];

for (const [name, text, expected] of grpcCases) {
  test(`gRPC is declared by ${name}, and its health check is what is called`, () => {
    const { all, leftOut } = found(text, { path: "/orders" });
    assert.deepEqual(
      all.map(({ label, isGrpc, paths }) => [label, isGrpc, paths.map((each) => each.path)]),
      expected.map((label) => [label, true, ["/grpc.health.v1.Health/Check"]]),
    );
    assert.deepEqual(leftOut, []);
  });
}

test("a probe by gRPC of another port says nothing of this one", () => {
  const text = deployment("a", "ports: [{ containerPort: 8080 }], livenessProbe: { grpc: { port: 9090 } }");
  assert.equal(found(text + service("a")).all[0]?.isGrpc, undefined);
});

test("ports that speak differently are no alternatives, and each gets the requests that it can carry", () => {
  const ports = "[{ name: http, port: 80, targetPort: 8080 }, { name: grpc, port: 90, targetPort: 9090 }]";
  const requests = [
    { method: "GET", path: "/orders" },
    { method: "POST", path: "/shop.Carts/Get", grpc: true },
  ] as const;
  const { all } = found(deployment("a") + service("a", ports), { requests });
  assert.deepEqual(
    all.map(({ port, group, requests: own = [] }) => [port, group, own.map(({ index }) => index)]),
    [
      [80, "default/a", [0]],
      [90, "default/a gRPC", [1]],
    ],
  );
  assert.equal(all[1]?.paths[0]?.path, "/shop.Carts/Get");
});

test("grpc-web, and a name that only looks like gRPC, are asked", () => {
  const text =
    deployment("a") +
    service("a", "[{ name: grpc-web, port: 80, targetPort: 8080 }]") +
    deployment("b") +
    service("b", "[{ name: mygrpcs, port: 80, targetPort: 8080 }]");
  assert.deepEqual(found(text).leftOut, []);
  assert.ok(found(text).all.every(({ isGrpc }) => isGrpc === undefined));
});

test("a headless Service is tried through an Ingress by number or name, without a word about it, and dialled by its own ports", () => {
  const headless = service(
    "api",
    "[{ name: http, port: 80, targetPort: 8080 }]",
    "clusterIP: None, selector: { app: api }",
  );
  const text = deployment("api") + headless + ingress(path("/api", "api"));
  assert.deepEqual(found(text).routes, ["Ingress shop.example/api /api"]);
  assert.deepEqual(found(text).leftOut, []);
  const every = findRoutes(
    parseManifests("a", deployment("api") + headless).map(({ object }) => object),
    { every: true },
  );
  assert.deepEqual(
    every.routes.map(({ dialPort }) => dialPort),
    ["http"],
  );
});

test("the ports of a Service are alternatives; several Services are not", () => {
  const ports = "[{ name: metrics, port: 9100 }, { name: web, port: 80, targetPort: 8080 }]";
  const { all } = found(
    deployment("a") +
      service("a", ports) +
      service("b", "[{ port: 80, targetPort: 8080 }]", "selector: { app: a }"),
  );
  assert.deepEqual(
    all.map(({ port, group }) => `${port} ${group}`),
    ["9100 default/a", "80 default/a", "80 default/b"],
  );
});

test("a path that was given is asked where it leads, and first of all at Services", () => {
  const text =
    deployment("web") +
    service("web") +
    deployment("api") +
    service("api") +
    ingress(`${path("/", "web")}, ${path("/api", "api")}`) +
    deployment("x") +
    service("x");
  assert.deepEqual(found(text, { path: "/api/orders" }).routes, [
    "Ingress shop.example/ /",
    "Ingress shop.example/api /api/orders",
    "Service web:80 /",
    "Service api:80 /api/orders /",
    "Service x:80 /api/orders /",
  ]);
});

test("for a look at it, what no Deployment answers for is a route, too", () => {
  assert.deepEqual(found(service("session"), { every: true }).routes, ["Service session:80 /"]);
  assert.deepEqual(
    found(service("outside", "[{ port: 80 }]", "type: ClusterIP"), { every: true }).routes,
    [],
  );
});

test("a route knows whether its host has TLS", () => {
  const rules = ingress(path("/", "web"));
  for (const [tls, expected] of [
    ["[{ hosts: [shop.example] }]", true],
    ["[{ secretName: web-tls }]", true],
    ["[{ hosts: [other.example] }]", undefined],
    ['[{ hosts: ["*.example"] }]', true],
  ] as const) {
    const text = rules.replace("spec: { rules", `spec: { tls: ${tls}, rules`);
    const { all } = found(deployment("web") + service("web") + text);
    assert.equal(all.find(({ kind }) => kind === "ingress")?.hasTls, expected);
  }
});

test("what ingress-nginx answers itself is no route, and a canary is a part of another one", () => {
  const apps = deployment("web") + service("web") + deployment("next") + service("next");
  const annotated = (annotation: string, to = "web") =>
    ingress(path("/", to), `nginx.ingress.kubernetes.io/${annotation}`);
  const fronts = (text: string) => found(apps + text).all.filter(({ kind }) => kind === "ingress");
  assert.deepEqual(fronts(annotated('permanent-redirect: "https://new.example"')), []);
  assert.deepEqual(
    fronts(annotated('app-root: "/app"')).map(({ paths }) => paths),
    [[{ path: "/app", appPath: "/app" }]],
  );
  const [only, ...more] = fronts(ingress(path("/", "web")) + annotated('canary: "true"', "next"));
  assert.deepEqual([only?.service, only?.deployments, more], ["web", ["web", "next"], []]);
});
