import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordType } from "dns-packet";
import type { EndpointSlice, Service } from "@seaworthy/kube";
import { answerName, type NameSources } from "./cluster-names.ts";

const service = (name: string, spec: Partial<Service["spec"]>): Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "shop" },
  spec: { ports: [{ name: "http", port: 80, protocol: "TCP" }], ...spec },
});

const slice: EndpointSlice = {
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: "db-1", namespace: "shop" },
  addressType: "IPv4",
  endpoints: [
    { addresses: ["10.244.1.2"], hostname: "db-0", conditions: { ready: true } },
    { addresses: ["10.244.2.2"], conditions: { ready: true } },
    { addresses: ["10.244.3.2"], hostname: "db-2", conditions: { ready: false } },
  ],
  ports: [{ name: "sql", port: 3306, protocol: "TCP" }],
};

const sources: NameSources = {
  services: [
    service("web", { clusterIP: "10.96.0.20" }),
    service("db", { clusterIP: "None", ports: [{ name: "sql", port: 3306, protocol: "TCP" }] }),
    service("away", { type: "ExternalName", externalName: "example.org" }),
  ],
  slicesOf: (namespace, name) => (namespace === "shop" && name === "db" ? [slice] : []),
  hasNamespace: (name) => name === "shop",
};

/** The data of the answers, or the kind of an answer without any. */
function ask(name: string, type: RecordType = "A"): unknown {
  const answer = answerName({ name, type }, sources);
  if (answer.kind !== "found") return answer.kind;
  return answer.answers.map((each) => (each as { data: unknown }).data);
}

test("a Service's name is its address, whatever its case", () => {
  assert.deepEqual(ask("web.shop.svc.cluster.local"), ["10.96.0.20"]);
  assert.deepEqual(ask("Web.Shop.SVC.cluster.local"), ["10.96.0.20"]);
  assert.deepEqual(ask("web.shop.svc.cluster.local", "AAAA"), []);
});

test("a headless Service's name is the addresses of its ready pods, and each has a name of its own", () => {
  assert.deepEqual(ask("db.shop.svc.cluster.local"), ["10.244.1.2", "10.244.2.2"]);
  assert.deepEqual(ask("db-0.db.shop.svc.cluster.local"), ["10.244.1.2"]);
  assert.deepEqual(ask("10-244-2-2.db.shop.svc.cluster.local"), ["10.244.2.2"]);
  assert.equal(ask("db-2.db.shop.svc.cluster.local"), "absent");
});

test("named ports are SRV records", () => {
  const http = { priority: 0, weight: 100, port: 80, target: "web.shop.svc.cluster.local" };
  assert.deepEqual(ask("_http._tcp.web.shop.svc.cluster.local", "SRV"), [http]);
  assert.equal(ask("_http._udp.web.shop.svc.cluster.local", "SRV"), "absent");
  assert.deepEqual(ask("_sql._tcp.db.shop.svc.cluster.local", "SRV"), [
    { priority: 0, weight: 50, port: 3306, target: "db-0.db.shop.svc.cluster.local" },
    { priority: 0, weight: 50, port: 3306, target: "10-244-2-2.db.shop.svc.cluster.local" },
  ]);
});

test("an address is a name again", () => {
  assert.deepEqual(ask("20.0.96.10.in-addr.arpa", "PTR"), ["web.shop.svc.cluster.local"]);
  assert.deepEqual(ask("2.1.244.10.in-addr.arpa", "PTR"), ["db-0.db.shop.svc.cluster.local"]);
  assert.equal(ask("1.2.0.192.in-addr.arpa", "PTR"), "elsewhere");
});

test("names that are not there are absent, and those with others below them have no answer", () => {
  for (const name of [
    "no.shop.svc",
    "web.no.svc",
    "x.web.shop.svc",
    "no.svc",
    "x.shop.pod",
    "1-2-3-4.no.pod",
  ])
    assert.equal(ask(`${name}.cluster.local`), "absent", name);
  for (const name of ["shop.svc", "svc", "shop.pod"])
    assert.deepEqual(ask(`${name}.cluster.local`), [], name);
  assert.deepEqual(ask("cluster.local"), []);
  assert.deepEqual(ask("1-2-3-4.shop.pod.cluster.local"), ["1.2.3.4"]);
});

test("other names, and an ExternalName Service's, are answered elsewhere", () => {
  assert.equal(ask("example.org"), "elsewhere");
  assert.equal(ask("notcluster.local"), "elsewhere");
  assert.deepEqual(answerName({ name: "away.shop.svc.cluster.local", type: "A" }, sources), {
    kind: "elsewhere",
    alias: { from: "away.shop.svc.cluster.local", to: "example.org" },
  });
});
