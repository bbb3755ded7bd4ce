import assert from "node:assert/strict";
import { test } from "node:test";
import { addResources, maskResources, risenResources, sameResources } from "./resource-list.ts";

test("sums are written as their first part that is not zero", () => {
  assert.deepEqual(addResources({ memory: "512M", cpu: "0" }, { memory: "1Mi", cpu: "500m", pods: "1" }), {
    memory: "513048576",
    cpu: "500m",
    pods: "1",
  });
  assert.deepEqual(addResources({ memory: "0" }, { memory: "1536Mi" }), { memory: "1536Mi" });
});

test("only what has risen is left", () => {
  assert.deepEqual(
    risenResources({ pods: "1", cpu: "2", memory: "1Gi" }, { pods: "1", cpu: "1500m", memory: "2Gi" }),
    { cpu: "500m" },
  );
});

test("lists are masked by names, and compared by what they say", () => {
  assert.deepEqual(maskResources({ a: "1", b: "2" }, { b: "0", c: "0" }), { b: "2" });
  assert.ok(sameResources({ memory: "1Gi" }, { memory: "1024Mi" }));
  assert.ok(!sameResources({ memory: "1Gi" }, { memory: "1G" }));
  assert.ok(!sameResources({ memory: "1Gi" }, { cpu: "1Gi" }));
});
