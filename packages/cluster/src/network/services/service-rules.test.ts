import assert from "node:assert/strict";
import { test } from "node:test";
import type { Service } from "@seaworthy/kube";
import type { EndpointState } from "../endpoints/endpoint-state.ts";
import { serviceRules } from "./service-rules.ts";

const web = (spec: Partial<Service["spec"]> = {}): Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    clusterIP: "10.96.0.20",
    type: "ClusterIP",
    ports: [{ name: "http", port: 80, protocol: "TCP" }],
    ...spec,
  },
});

const endpoint = (ip: string, state: Partial<EndpointState> = {}): EndpointState => ({
  portName: "http",
  protocol: "TCP",
  ip,
  port: 8080,
  ready: true,
  serving: true,
  terminating: false,
  ...state,
});

function rulesOf(service: Service, endpoints: readonly EndpointState[]) {
  return serviceRules({
    services: [service],
    endpointsOf: () => endpoints,
    serviceRange: "10.96.0.0/12",
    nodes,
  });
}

const nodes = ["1", "2", "3"].map((index) => ({ name: `node-${index}`, podRange: `10.244.${index}.0/24` }));

/** The addresses to which connections are sent. */
function targets(text: string): string[] {
  return [...text.matchAll(/dnat to (\S+)/g)].map(([, target = ""]) => target);
}

test("a Service's connections go to its ready endpoints, each as likely as the others", () => {
  const { text } = rulesOf(web(), [
    endpoint("10.244.1.2"),
    endpoint("10.244.2.2"),
    endpoint("10.244.3.2", { ready: false, serving: false }),
  ]);
  assert.deepEqual(targets(text), ["10.244.1.2:8080", "10.244.2.2:8080"]);
  assert.match(text, /numgen random mod 2 vmap \{ 0 : goto endpoint-\S+__10\.244\.1\.2\/8080, 1 : goto/);
  assert.match(text, /add element ip kube-proxy service-ips \{ 10\.96\.0\.20 \. tcp \. 80 : goto service-/);
});

test("without a ready endpoint, those that terminate and still serve are used, and without those it is refused", () => {
  const ending = { ready: false, terminating: true };
  const serving = rulesOf(web(), [
    endpoint("10.244.1.2", ending),
    endpoint("10.244.1.3", { ...ending, serving: false }),
  ]);
  assert.deepEqual(targets(serving.text), ["10.244.1.2:8080"]);
  const none = rulesOf(web(), [endpoint("10.244.1.3", { ...ending, serving: false })]);
  assert.deepEqual(targets(none.text), []);
  assert.match(none.text, /no-endpoint-services \{ 10\.96\.0\.20 \. tcp \. 80 : goto reject-it \}/);
});

test("a pod that reaches itself through its Service is masqueraded, or it would answer itself directly", () => {
  const { text } = rulesOf(web(), [endpoint("10.244.1.2")]);
  assert.match(text, /ip saddr 10\.244\.1\.2 meta mark set meta mark or 0x4000\n {2}meta l4proto tcp dnat/);
  assert.match(text, /meta mark & 0x4000 != 0 masquerade/);
});

test("ports of nodes, external addresses and those of a load balancer lead there as well", () => {
  const service = web({
    type: "LoadBalancer",
    externalIPs: ["192.0.2.7"],
    ports: [{ name: "http", port: 80, nodePort: 30080, protocol: "TCP" }],
  });
  const { text } = rulesOf({ ...service, status: { loadBalancer: { ingress: [{ ip: "192.0.2.8" }] } } }, [
    endpoint("10.244.1.2"),
  ]);
  assert.ok(text.includes("10.96.0.20 . tcp . 80 : goto service-"));
  for (const ip of ["192.0.2.7", "192.0.2.8"]) assert.ok(text.includes(`${ip} . tcp . 80 : goto external-`));
  assert.match(text, /service-nodeports \{ tcp \. 30080 : goto external-/);
});

test("UDP and TCP of one port have rules of their own", () => {
  const service = web({
    ports: [
      { name: "dns", port: 53, protocol: "UDP" },
      { name: "dns-tcp", port: 53, protocol: "TCP" },
    ],
  });
  const { text } = rulesOf(service, [
    endpoint("10.244.1.2", { portName: "dns", protocol: "UDP", port: 53 }),
    endpoint("10.244.1.2", { portName: "dns-tcp", port: 5353 }),
  ]);
  assert.match(text, /meta l4proto udp dnat to 10\.244\.1\.2:53\n/);
  assert.match(text, /meta l4proto tcp dnat to 10\.244\.1\.2:5353\n/);
});

test("a client of a Service with session affinity is kept in a set, which outlives a change of the rules", () => {
  const sticky = web({
    sessionAffinity: "ClientIP",
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
  });
  const before = rulesOf(sticky, [endpoint("10.244.1.2"), endpoint("10.244.2.2")]);
  assert.equal(before.sets.length, 2);
  assert.match(before.text, /flags dynamic,timeout; timeout 60s;/);
  const after = serviceRules(
    {
      services: [sticky],
      endpointsOf: () => [endpoint("10.244.2.2"), endpoint("10.244.3.2")],
      serviceRange: "10.96.0.0/12",
      nodes,
    },
    before,
  );
  const deleted = [...after.text.matchAll(/^delete (chain|set) .*__(\S+)$/gm)].map(([, what, at]) => [
    what,
    at,
  ]);
  assert.deepEqual(deleted, [
    ["chain", "10.244.1.2/8080"],
    ["set", "10.244.1.2/8080"],
  ]);
});

test("headless Services, those of a name elsewhere, and SCTP have no rules", () => {
  for (const spec of [
    { clusterIP: "None" },
    { type: "ExternalName", clusterIP: "" },
    { ports: [{ name: "http", port: 80, protocol: "SCTP" }] },
  ])
    assert.deepEqual(rulesOf(web(spec), [endpoint("10.244.1.2")]).chains, []);
});

test("from outside, a pod sees a node, unless the Service's policy is Local", () => {
  const ports = [{ name: "http", port: 80, nodePort: 30080, protocol: "TCP" }];
  const usual = rulesOf(web({ type: "NodePort", ports }), [endpoint("10.244.1.2")]);
  const masquerades = /chain external-\S+ \{\n {2}meta mark set meta mark or 0x4000\n {2}goto service-/;
  assert.match(usual.text, masquerades);
  const local = web({ type: "NodePort", ports, externalTrafficPolicy: "Local" });
  assert.doesNotMatch(rulesOf(local, [endpoint("10.244.1.2")]).text, masquerades);
});

test("with internalTrafficPolicy Local a pod gets the endpoints of its node, or is dropped", () => {
  const { text, chains } = rulesOf(web({ internalTrafficPolicy: "Local" }), [
    endpoint("10.244.1.2", { nodeName: "node-1" }),
    endpoint("10.244.1.3", { nodeName: "node-1" }),
    endpoint("10.244.2.2", { nodeName: "node-2", ready: false, terminating: true }),
  ]);
  const [, internal = ""] = /chain internal-\S+ \{\n([^}]*)\}/.exec(text) ?? [];
  assert.match(
    internal,
    /^ {2}ip saddr 10\.244\.1\.0\/24 goto local-\S+__10\.244\.1\.0\/24\n {2}ip saddr 10\.244\.2\.0\/24 goto local/,
  );
  assert.doesNotMatch(internal, /10\.244\.3/);
  assert.match(text, /service-ips \{ 10\.96\.0\.20 \. tcp \. 80 : goto internal-/);
  assert.match(text, /no-endpoint-services \{ 10\.96\.0\.20 \. tcp \. 80 : drop \}/);
  // The one that ends serves its node's pods, though others are ready elsewhere.
  assert.deepEqual(
    new Set(targets(text)),
    new Set(["10.244.1.2:8080", "10.244.1.3:8080", "10.244.2.2:8080"]),
  );
  assert.equal(chains.filter((name) => name.startsWith("local-")).length, 2);
});
