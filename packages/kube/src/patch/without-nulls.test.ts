import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests } from "@seaworthy/kube";
import { createObjectSet } from "./object-set.ts";
import { withoutNulls } from "./without-nulls.ts";

test("what is null is not written, at any depth, and what has none stays itself", () => {
  const plain = { a: [{ b: 1 }], c: "" };
  assert.equal(withoutNulls(plain), plain);
  assert.deepEqual(withoutNulls({ a: null, b: [{ c: null, d: 0 }], e: { f: null } }), {
    b: [{ d: 0 }],
    e: {},
  });
});

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
