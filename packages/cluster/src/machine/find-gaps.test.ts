import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests } from "@seaworthy/kube";
import { findGaps, type Machine } from "./find-gaps.ts";

const objects = parseManifests(
  "system.yaml",
  `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: web, image: web, ports: [{ containerPort: 80, hostPort: 8080 }], resources: { limits: { cpu: 1 } } }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers:
        - { name: db, image: db }
---
apiVersion: v1
kind: Service
metadata: { name: db }
spec: { selector: { app: db }, ports: [{ port: 3306 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db }
spec: { podSelector: { matchLabels: { app: db } } }
`,
).map(({ object }) => object);

const gapsOf = (machine: Machine, of = objects) =>
  findGaps(machine, of, (image) => image === "web").map(({ text, names = [] }) => [
    text.slice(0, 21),
    names.join(", "),
  ]);

const best: Machine = { isolates: true, connects: true, holds: "users", limitsCpu: true };
const both = "Deployment web, StatefulSet db";

test("a machine with namespaces, nft and control groups lacks nothing", () => {
  assert.deepEqual(gapsOf({ ...best }), []);
});

test("a user who may not make control groups is told which CPU limits are not in force", () => {
  assert.deepEqual(gapsOf({ ...best, limitsCpu: false }), [["CPU limits are not in", "Deployment web"]]);
});

test("without nft pods cannot reach each other, nor anything outside", () => {
  assert.deepEqual(gapsOf({ ...best, connects: false }), [
    ["pods cannot reach the", "Service db"],
    ["NetworkPolicies are n", "NetworkPolicy db"],
    ["host ports and host n", "Deployment web"],
    ["pods reach nothing ou", both],
  ]);
});

test("without namespaces programs that are not Node's are plain processes", () => {
  assert.deepEqual(gapsOf({ ...best, isolates: false, connects: false, limitsCpu: false }), [
    ["pods cannot reach the", "Service db"],
    ["NetworkPolicies are n", "NetworkPolicy db"],
    ["host ports and host n", "Deployment web"],
    ["only Node programs ge", "StatefulSet db"],
    ["CPU limits are not in", "Deployment web"],
  ]);
});

test("one workload has Services for clients outside only", () => {
  const [web] = objects;
  assert.deepEqual(gapsOf({ ...best, isolates: false, connects: false }, [web!]), [
    ["host ports and host n", "Deployment web"],
  ]);
});

test("of a securityContext, the user is root's to give, and all else needs namespaces", () => {
  const pods = parseManifests(
    "pods.yaml",
    `
apiVersion: v1
kind: Pod
metadata: { name: user }
spec: { containers: [{ name: c, image: web, securityContext: { runAsUser: 7 } }] }
---
apiVersion: v1
kind: Pod
metadata: { name: read-only }
spec: { containers: [{ name: c, image: web, securityContext: { readOnlyRootFilesystem: true } }] }
`,
  ).map(({ object }) => object);
  assert.deepEqual(gapsOf(best, pods), []);
  assert.deepEqual(gapsOf({ ...best, holds: "privileges" }, pods), [["containers run as thi", "Pod user"]]);
  assert.deepEqual(gapsOf({ ...best, holds: "nothing" }, pods), [
    ["securityContexts are ", "Pod user, Pod read-only"],
  ]);
});
