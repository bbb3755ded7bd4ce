import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests } from "@seaworthy/kube";
import { createObjectSet } from "../../objects/object-set.ts";
import { loadCustomTypes } from "../../schemas/custom-types.ts";
import { deprecatedApi } from "./deprecated-api/deprecated-api.ts";
import { removedApi } from "./removed-api/removed-api.ts";
import { splitReadable } from "./split-readable.ts";

const object = (apiVersion: string, kind: string, fields = "") =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${kind.toLowerCase()}}\n${fields}\n---\n`;

test("objects that rules could stumble over are kept from them, with all that is wrong with them", () => {
  const text = [
    object("v1", "ConfigMap", "data: {a: b}"),
    object("v1", "Service", "selector: {app: a}\nspec: {ports: {port: 80}}"),
    object("v1", "Pod", "spec: {containers: [{name: a, image: a, imagePullPolcy: Always}]}"),
    object("apps/v1", "Fleet"),
    object("policy/v1beta1", "PodDisruptionBudget"),
    object("example.com/v1", "Boat", "spec: []"),
  ].join("");
  const { readable, unreadable, findings } = splitReadable(parseManifests("a.yaml", text));
  assert.deepEqual(
    readable.map((manifest) => manifest.object.kind),
    ["ConfigMap", "Pod", "Boat"],
  );
  assert.deepEqual(
    unreadable.map((manifest) => manifest.object.kind),
    ["Service", "Fleet", "PodDisruptionBudget"],
  );
  assert.deepEqual(
    findings.map(({ rule, finding }) => `${rule.id} ${finding.manifest.object.kind}`),
    [
      "unknown-kind Fleet",
      "removed-api PodDisruptionBudget",
      "misplaced-field Service",
      "wrong-type Service",
    ],
  );
});

test("rules are not given what a loose definition among the files allows, and a well-known kind does not have", async () => {
  const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: servicemonitors.monitoring.coreos.com}
spec:
  group: monitoring.coreos.com
  names: {kind: ServiceMonitor, plural: servicemonitors, singular: servicemonitor, listKind: ServiceMonitorList}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: {spec: {type: object, x-kubernetes-preserve-unknown-fields: true}}
---
`;
  const monitor = (endpoints: string) =>
    object("monitoring.coreos.com/v1", "ServiceMonitor", `spec: {selector: {}, endpoints: ${endpoints}}`);
  const manifests = parseManifests("a.yaml", definition + monitor("[{port: http}]") + monitor("3"));
  await loadCustomTypes(manifests);
  const { readable, unreadable, findings } = splitReadable(manifests);
  assert.deepEqual(
    readable.map(({ object: { kind } }) => kind),
    ["CustomResourceDefinition", "ServiceMonitor"],
  );
  assert.deepEqual(
    unreadable.map(({ object: each }) => each["spec"]),
    [{ selector: {}, endpoints: 3 }],
  );
  assert.deepEqual(findings, []);
});

test("what is removed and deprecated depends on the version of the cluster", () => {
  const budget = object("policy/v1beta1", "PodDisruptionBudget");
  const autoscaler = object("autoscaling/v2", "HorizontalPodAutoscaler");
  const manifests = parseManifests("a.yaml", budget + autoscaler);
  const said = (kubernetes: string) => {
    const set = createObjectSet(manifests, { kubernetes });
    return [...removedApi.check(set), ...deprecatedApi.check(set)].map(({ message }) => message);
  };
  assert.deepEqual(said("1.36"), [
    "Kubernetes 1.36 does not serve PodDisruptionBudget in policy/v1beta1 any more",
  ]);
  assert.deepEqual(said("1.24"), [
    "PodDisruptionBudget in policy/v1beta1 is deprecated since Kubernetes 1.21",
  ]);
  assert.deepEqual(said("v1.9"), [
    "Kubernetes v1.9 does not serve HorizontalPodAutoscaler in autoscaling/v2 yet",
  ]);
});

test("rules are not given a well-known kind in a version that nobody knows", async () => {
  const fields = "spec: {gatewayClassName: edge, listeners: {port: 80}}";
  const manifests = ["v1", "v9"].flatMap((version) =>
    parseManifests(
      "a.yaml",
      object(`gateway.networking.k8s.io/${version}`, "GatewayClass", "spec: {controllerName: a.example/b}") +
        object(
          `gateway.networking.k8s.io/${version}`,
          "Gateway",
          version === "v9" ? fields : "spec: {gatewayClassName: edge, listeners: []}",
        ),
    ),
  );
  await loadCustomTypes(manifests);
  const { readable, unreadable, findings } = splitReadable(manifests);
  const named = (
    all: readonly { readonly object: { readonly apiVersion: string; readonly kind: string } }[],
  ) => all.map((each) => `${each.object.apiVersion.split("/")[1]} ${each.object.kind}`);
  assert.deepEqual(named(readable), ["v1 GatewayClass", "v1 Gateway"]);
  assert.deepEqual(named(unreadable), ["v9 GatewayClass", "v9 Gateway"]);
  assert.deepEqual(findings, []);
});
