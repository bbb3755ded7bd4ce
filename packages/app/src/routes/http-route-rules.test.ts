import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests } from "@seaworthy/kube";
import { findRoutes } from "./find-routes.ts";

const app = `
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: next}, spec: {selector: {app: next}, ports: [{port: 80, targetPort: 8080}]}}
---
${["web", "next"]
  .map(
    (name) => `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}}, spec: {selector: {matchLabels: {app: ${name}}},
 template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]}}}}
`,
  )
  .join("---")}
---
`;

function fronts(spec: string, gateway = "") {
  const route = `{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: web}, spec: ${spec}}`;
  const objects = parseManifests("app.yaml", `${app}${route}\n---\n${gateway}`).map(({ object }) => object);
  return findRoutes(objects).routes.filter(({ kind }) => kind === "ingress");
}

function gateway(...listeners: string[]): string {
  return `{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: edge},
    spec: {gatewayClassName: any, listeners: [${listeners.join(", ")}]}}`;
}

test("an HTTPRoute leads to its Service, host by host, and with its rewrite", () => {
  const routes = fronts(`{hostnames: [a.example, b.example], rules: [
    {matches: [{path: {value: /api}}], filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}}],
     backendRefs: [{name: web, port: 80}]},
    {matches: [{headers: [{name: x-beta, value: "1"}]}], backendRefs: [{name: next, port: 80}]},
    {matches: [{path: {value: /old}}], filters: [{type: RequestRedirect, requestRedirect: {hostname: new.example}}]}]}`);
  assert.deepEqual(
    routes.map(({ hostHeader, service, paths: [first] }) => [hostHeader, service, first]),
    ["a.example", "b.example"].map((host) => [host, "web", { path: "/api/", appPath: "/" }]),
  );
});

test("a split is one route, of the heaviest backend, and with the Deployments of all", () => {
  const [only, ...more] = fronts(
    `{rules: [{backendRefs: [{name: next, port: 80, weight: 10}, {name: web, port: 80, weight: 90}]}]}`,
  );
  assert.deepEqual([only?.service, only?.deployments, more], ["web", ["web", "next"], []]);
});

test("a route has TLS where a listener for HTTPS takes its host, and a host that is only the listener's is its", () => {
  const http = "{name: http, port: 80, protocol: HTTP}";
  const https = "{name: https, port: 443, protocol: HTTPS, hostname: '*.shop.example'}";
  const rules = "rules: [{backendRefs: [{name: web, port: 80}]}]";
  for (const [more, expected] of [
    ["hostnames: [a.shop.example], parentRefs: [{name: edge}]", [["a.shop.example", true]]],
    ["hostnames: [a.other.example], parentRefs: [{name: edge}]", [["a.other.example", undefined]]],
    [
      "hostnames: [a.shop.example], parentRefs: [{name: edge, sectionName: http}]",
      [["a.shop.example", undefined]],
    ],
    ["hostnames: [a.shop.example], parentRefs: [{name: unknown}]", [["a.shop.example", undefined]]],
    ["parentRefs: [{name: edge, sectionName: https}]", [["trial.shop.example", true]]],
  ] as const)
    assert.deepEqual(
      fronts(`{${more}, ${rules}}`, gateway(http, https)).map(({ hostHeader, hasTls }) => [
        hostHeader,
        hasTls,
      ]),
      expected,
      more,
    );
});
