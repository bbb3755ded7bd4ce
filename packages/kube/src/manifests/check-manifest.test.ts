import assert from "node:assert/strict";
import { test } from "node:test";
import { checkManifest } from "./check-manifest.ts";
import { parseManifests } from "./parse-manifests.ts";

const check = (text: string) => parseManifests("a.yaml", text).flatMap(checkManifest);

test("a good manifest has no errors", () => {
  assert.deepEqual(check("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n"), []);
});

test("unknown fields, wrong types and missing fields, each with its place and next step", () => {
  const errors = check(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: "3"
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          env:
            - name: PORT
              value: 8080
          imagePullPolcy: Always
`);
  const shown = errors.map(({ code, details }) => [
    code,
    details.field,
    details.place?.line,
    details.place?.label,
    details.next?.[0],
  ]);
  assert.deepEqual(shown, [
    ["SW1105", "spec.replicas", 7, "must be a whole number", "write it without quotes: 3"],
    [
      "SW1105",
      "spec.template.spec.containers[0].env[0].value",
      16,
      "must be a string",
      'write it in quotes: "8080"',
    ],
    [
      "SW1103",
      "spec.template.spec.containers[0].imagePullPolcy",
      17,
      "did you mean imagePullPolicy?",
      "rename it to imagePullPolicy",
    ],
    [
      "SW1110",
      "spec.template.spec.containers[0].image",
      13,
      "image is missing here",
      "add spec.template.spec.containers[0].image",
    ],
  ]);
  assert.equal(errors[0]?.details.object, "Deployment shop/web");
});

test("unknown kinds: a typo, another version, another group", () => {
  const only = (apiVersion: string, kind: string) => {
    const [error, ...rest] = check(
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\nspec: {anything: 1}\n`,
    );
    assert.equal(rest.length, 0);
    assert.equal(error?.code, "SW1104");
    return error;
  };
  assert.equal(only("apps/v1", "Deploymnet").details.next?.[0], "did you mean kind: Deployment?");
  assert.equal(only("apps/v1", "Deploymnet").details.place?.line, 2);
  assert.equal(
    only("extensions/v1beta1", "Ingress").details.next?.[0],
    "write apiVersion: networking.k8s.io/v1",
  );
  assert.equal(only("extensions/v1beta1", "Ingress").details.place?.line, 1);
  assert.equal(
    only("netwroking.k8s.io/v1", "Ingress").details.next?.[0],
    "write apiVersion: networking.k8s.io/v1",
  );
  assert.equal(only("v1", "CronJob").details.next?.[0], "write apiVersion: batch/v1");
  assert.match(only("v1", "Whatever").details.next?.[0] ?? "", /spelling/);
});

test("what is in a custom kind, and in a kind without a schema, is not judged", () => {
  assert.deepEqual(
    check("apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: x}\nspec: {a: 1}\n"),
    [],
  );
  assert.deepEqual(check("apiVersion: v1\nkind: LimitRange\nmetadata: {name: x}\nspec: {limits: []}\n"), []);
});
