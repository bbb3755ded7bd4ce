import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests } from "@seaworthy/kube";
import { createObjectSet } from "./object-set.ts";

test("rules see the template of a custom kind only where it is one of pods", () => {
  const rollout = (containers: string) => `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: shop }
spec: { template: { spec: { containers: ${containers} } } }
`;
  const podsIn = (containers: string) =>
    createObjectSet(parseManifests("a.yaml", rollout(containers))).pods.map(({ spec }) => spec);
  assert.deepEqual(podsIn("[{ name: shop, image: a, ports: null }]"), [
    { containers: [{ name: "shop", image: "a" }] },
  ]);
  assert.deepEqual(podsIn("[null]"), []);
  assert.deepEqual(podsIn("[{ name: shop, image: a, ports: 80 }]"), []);
});
