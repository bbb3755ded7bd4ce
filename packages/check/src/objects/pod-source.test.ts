import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests } from "@seaworthy/kube";
import { findPods } from "./pod-source.ts";

const podsOfTemplate = (spec: string) =>
  parseManifests(
    "a.yaml",
    `{apiVersion: example.com/v1, kind: Rollout, metadata: {name: a}, spec: {template: {spec: ${spec}}}}`,
  ).flatMap(findPods);

test("a custom kind's template is one of pods if its fields are those of a pod", () => {
  assert.equal(podsOfTemplate("{containers: [{name: a, image: a}]}").length, 1);
  assert.equal(podsOfTemplate("{containers: [{name: a, image: a}], more: 1}").length, 1);
});

test("what only looks like a pod in a custom kind is none", () => {
  assert.deepEqual(podsOfTemplate("{containers: [null]}"), []);
  assert.deepEqual(podsOfTemplate("{containers: [{name: a, env: 5}]}"), []);
  assert.deepEqual(podsOfTemplate("{containers: [{name: a}]}"), []);
});
