import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "../object.ts";
import { formatFieldPath } from "./field-path.ts";
import { nearestName } from "./nearest-name.ts";
import { validateObject } from "./validate-object.ts";

const deployment = (podSpec: object, fields: object = {}): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: { selector: { matchLabels: { app: "web" } }, template: { spec: podSpec }, ...fields },
});

const summary = (object: KubeObject): string[] =>
  validateObject(object).map(({ kind, field, suggestion }) =>
    [kind, field, suggestion].filter(Boolean).join(" "),
  );

test("a good object has no problems, with odd but legal values", () => {
  const resources = { limits: { cpu: 1, memory: "1Gi" }, requests: { cpu: 0.1 } };
  const container = {
    name: "a",
    image: "a",
    resources,
    ports: null,
    livenessProbe: { tcpSocket: { port: "http" } },
  };
  assert.deepEqual(
    summary(deployment({ containers: [container] }, { strategy: { rollingUpdate: { maxSurge: 1 } } })),
    [],
  );
});

test("unknown fields come with the name that was meant", () => {
  const container = { name: "a", image: "a", imagePullPolcy: "Always", readynessProbe: {}, zzz: 1 };
  assert.deepEqual(summary(deployment({ containers: [container] }, { replica: 3 })), [
    "unknown-field spec.template.spec.containers[0].imagePullPolcy imagePullPolicy",
    "unknown-field spec.template.spec.containers[0].readynessProbe readinessProbe",
    "unknown-field spec.template.spec.containers[0].zzz",
    "unknown-field spec.replica replicas",
  ]);
});

test("wrong types are found in scalars, lists, maps and objects", () => {
  const container = {
    name: "a",
    image: "a",
    args: "x",
    env: [{ name: "PORT", value: 8080 }],
    ports: [{ containerPort: "80" }],
  };
  const object = deployment(
    { containers: [container], nodeSelector: { gpu: true }, affinity: [] },
    { replicas: "3", paused: "no" },
  );
  assert.deepEqual(summary(object), [
    "wrong-type spec.template.spec.containers[0].args",
    "wrong-type spec.template.spec.containers[0].env[0].value",
    "wrong-type spec.template.spec.containers[0].ports[0].containerPort",
    "wrong-type spec.template.spec.nodeSelector.gpu",
    "wrong-type spec.template.spec.affinity",
    "wrong-type spec.replicas",
    "wrong-type spec.paused",
  ]);
  const [first] = validateObject(object);
  assert.equal(first?.message, 'must be a list, and is the string "x"');
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, data: { a: "plain text" } };
  assert.deepEqual(summary(secret), ["wrong-type data.a"]);
});

test("what the server requires is missed", () => {
  const object: KubeObject = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {} as never,
    spec: { template: { spec: { containers: [{}] } } },
  };
  assert.deepEqual(summary(object), [
    "missing-field metadata.name",
    "missing-field spec.template.spec.containers[0].image",
    "missing-field spec.template.spec.containers[0].name",
    "missing-field spec.selector",
  ]);
  assert.deepEqual(summary({ ...object, metadata: { name: "x" }, spec: null }), ["missing-field spec"]);
  assert.deepEqual(
    summary({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { generateName: "x-" } as never,
      spec: { containers: [] },
    }),
    [],
  );
});

test("an unknown kind and a partial status are not this function's business", () => {
  assert.deepEqual(
    summary({ apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "x" }, foo: 1 }),
    [],
  );
  const status = { conditions: [{ type: "Ready" }], unknown: 1 };
  assert.deepEqual(
    summary({ apiVersion: "v1", kind: "Pod", metadata: { name: "x" }, spec: { containers: [] }, status }),
    ["unknown-field status.unknown"],
  );
});

test("paths and names", () => {
  assert.equal(formatFieldPath(["spec", "containers", 0, "image"]), "spec.containers[0].image");
  assert.equal(formatFieldPath(["metadata", "labels", "a.b/c"]), 'metadata.labels["a.b/c"]');
  assert.equal(nearestName("contaienrs", ["containers", "volumes"]), "containers");
  assert.equal(nearestName("Deploymnet", ["Deployment", "DaemonSet"]), "Deployment");
  assert.equal(nearestName("x", ["containers"]), undefined);
});
