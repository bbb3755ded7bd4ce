import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldYaml } from "./field-yaml.ts";

test("a field is shown with its parents, as it would stand in the file", () => {
  assert.equal(fieldYaml("spec.replicas", 2), "spec:\n  replicas: 2");
  assert.equal(
    fieldYaml("spec.containers[0].lifecycle.preStop", { sleep: { seconds: 5 } }),
    "spec:\n  containers:\n    - lifecycle:\n        preStop:\n          sleep:\n            seconds: 5",
  );
});
