import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests } from "@seaworthy/kube";
import { roundForecast } from "./round-forecast.ts";

const deployment = (spec: string, probe = "{httpGet: {port: 80}}") =>
  parseManifests(
    "app.yaml",
    `apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  ${spec}
  template:
    spec:
      containers:
        - name: app
          readinessProbe: ${probe}
`,
  );

test("a round that its own probes make long is announced, with the field and its line", () => {
  const probe = "{initialDelaySeconds: 180, httpGet: {port: 80}}";
  assert.equal(
    roundForecast(deployment("replicas: 1", probe))?.text,
    "a round takes about 180 s, because of readinessProbe.initialDelaySeconds: 180 at app.yaml:10",
  );
});

test("pods that are replaced one after the other take their time each", () => {
  const strategy = "strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}";
  const manifests = deployment(`replicas: 4\n  minReadySeconds: 10\n  ${strategy}`);
  assert.equal(
    roundForecast(manifests)?.text,
    "a round takes about 40 s, because of spec.minReadySeconds: 10 at app.yaml:6, 4 times one after the other",
  );
  assert.equal(
    roundForecast(deployment("replicas: 4\n  minReadySeconds: 10\n  strategy: {type: Recreate}")),
    undefined,
  );
});

test("of several the slowest is told, and a usual one is not", () => {
  assert.equal(roundForecast(deployment("replicas: 30")), undefined);
  const slow = deployment("replicas: 1", "{initialDelaySeconds: 30, httpGet: {port: 80}}");
  const slower = deployment("minReadySeconds: 60");
  assert.match(roundForecast([...slow, ...slower])?.text ?? "", /^a round takes about 60 s/);
});
