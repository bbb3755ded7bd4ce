import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonPath } from "./json-path.ts";

const object = {
  metadata: { annotations: { "a.b/c": "x" } },
  spec: {
    ports: [
      { name: "http", port: 80 },
      { name: "https", port: 443 },
    ],
    tags: ["a", "b"],
  },
  status: { conditions: [{ type: "Ready", status: "True" }] },
};

test("the paths of columns lead to values", () => {
  for (const [path, found] of [
    [".spec.ports[0].port", [80]],
    [".spec.ports[*].port", [80, 443]],
    [".spec.ports[-1].name", ["https"]],
    [".spec.tags[0:1]", ["a"]],
    ['.status.conditions[?(@.type=="Ready")].status', ["True"]],
    [".status.conditions[?(@.type=='Ready')].status", ["True"]],
    [".spec.ports[?(@.port>100)].name", ["https"]],
    [".spec.ports[?(@.nothing)].name", []],
    [String.raw`.metadata.annotations.a\.b/c`, ["x"]],
    [".metadata.annotations['a.b/c']", ["x"]],
    [".spec..port", [80, 443]],
    [".spec.none.deeper", []],
    [".spec.tags.length", []],
  ] as const)
    assert.deepEqual(jsonPath(path)?.(object), found, path);
});

test("a path that cannot be read is none", () => {
  for (const path of ["spec", ".spec[", ".spec[?(x==1)]", ".spec[?(@.a==b)]", ".a[b]"])
    assert.equal(jsonPath(path), undefined, path);
});
