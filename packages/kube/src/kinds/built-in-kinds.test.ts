import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes } from "../resource-types.ts";
import { builtInKinds, findBuiltInKind, isCustomKind } from "./built-in-kinds.ts";
import { groupOf } from "./group-of.ts";

const known: readonly [apiVersion: string, kind: string, path: string][] = [
  ["v1", "LimitRange", "limitranges, namespaced"],
  ["v1", "PersistentVolume", "persistentvolumes, cluster"],
  ["v1", "ReplicationController", "replicationcontrollers, namespaced"],
  ["apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions, cluster"],
  ["autoscaling/v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers, namespaced"],
  ["autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers, namespaced"],
  ["networking.k8s.io/v1", "ServiceCIDR", "servicecidrs, cluster"],
  ["storage.k8s.io/v1", "CSIStorageCapacity", "csistoragecapacities, namespaced"],
  ["admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicy", "mutatingadmissionpolicies, cluster"],
];

for (const [apiVersion, kind, path] of known) {
  test(`${apiVersion} ${kind} is built in`, () => {
    const found = findBuiltInKind(apiVersion, kind);
    assert.equal(`${found?.plural}, ${found?.namespaced === true ? "namespaced" : "cluster"}`, path);
    assert.equal(isCustomKind(apiVersion, kind), false);
  });
}

test("versions that Kubernetes removed, and names that it never had, are not built in", () => {
  assert.equal(findBuiltInKind("extensions/v1beta1", "Ingress"), undefined);
  assert.equal(findBuiltInKind("policy/v1beta1", "PodDisruptionBudget"), undefined);
  assert.equal(findBuiltInKind("v1", "toString"), undefined);
});

const custom: readonly [apiVersion: string, kind: string][] = [
  ["gateway.networking.k8s.io/v1", "HTTPRoute"],
  ["cert-manager.io/v1", "Certificate"],
  ["argoproj.io/v1alpha1", "Rollout"],
  ["serving.knative.dev/v1", "Service"],
  ["crd.projectcalico.org/v1", "NetworkPolicy"],
  ["networking.istio.io/v1", "Gateway"],
  ["autoscaling.k8s.io/v1", "VerticalPodAutoscaler"],
];

for (const [apiVersion, kind] of custom) {
  test(`${apiVersion} ${kind} is a custom kind`, () => assert.ok(isCustomKind(apiVersion, kind)));
}

const misspelled: readonly [apiVersion: string, kind: string][] = [
  ["apps/v1", "Deploymnt"],
  ["app/v1", "Deployment"],
  ["networking.k8s.io/v1", "Ingres"],
  ["netwroking.k8s.io/v1", "Ingress"],
  ["networking.k8.io/v1", "NetworkPolicy"],
  ["rbac.authorisation.k8s.io/v1", "Role"],
  ["extensions/v1beta1", "Deployment"],
];

for (const [apiVersion, kind] of misspelled) {
  test(`${apiVersion} ${kind} is a misspelling, no custom kind`, () => {
    assert.equal(isCustomKind(apiVersion, kind), false);
    assert.equal(findBuiltInKind(apiVersion, kind), undefined);
  });
}

test("a kind has one entry, and every served type is among them", () => {
  const names = builtInKinds.map(({ group, kind }) => `${group}/${kind}`);
  assert.equal(new Set(names).size, names.length);
  for (const { group, kind, version } of Object.values(resourceTypes))
    assert.ok(
      builtInKinds.some(
        (each) => each.group === group && each.kind === kind && each.versions.includes(version),
      ),
    );
});

test("the group of an apiVersion", () => {
  assert.deepEqual(["v1", "apps/v1", "a.b.c/v1beta1"].map(groupOf), ["", "apps", "a.b.c"]);
});
