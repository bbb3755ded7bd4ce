import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { formatFieldPath, parseFieldPath } from "./field-path.ts";

test("the paths of Kubernetes' causes are read", () => {
  for (const [text, path] of [
    ["", []],
    ["spec", ["spec"]],
    [
      "spec.template.spec.containers[0].ports[12].name",
      ["spec", "template", "spec", "containers", 0, "ports", 12, "name"],
    ],
    ["data[app.properties]", ["data", "app.properties"]],
    ["data[2024]", ["data", 2024]],
    [
      "metadata.annotations[kubernetes.io/ingress.class]",
      ["metadata", "annotations", "kubernetes.io/ingress.class"],
    ],
    ["spec.resources.limits[example.com/gpu]", ["spec", "resources", "limits", "example.com/gpu"]],
    [
      "spec.constraints[1].{topologyKey, whenUnsatisfiable}",
      ["spec", "constraints", 1, "{topologyKey, whenUnsatisfiable}"],
    ],
    ["data[..]", ["data", ".."]],
  ] as const)
    assert.deepEqual(parseFieldPath(text), path, text);
});

test("what formatFieldPath writes is read back", () => {
  const step = fc.oneof(
    fc.nat(),
    fc.string({ minLength: 1 }).filter((text) => !/^\d+$/.test(text)),
  );
  fc.assert(
    fc.property(fc.array(step), (path) => {
      assert.deepEqual(parseFieldPath(formatFieldPath(path)), path);
    }),
  );
});
