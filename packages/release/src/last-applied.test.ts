import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "@seaworthy/kube";
import { lastAppliedAnnotation, readLastApplied, withLastApplied } from "./last-applied.ts";

const object: KubeObject = {
  kind: "ConfigMap",
  apiVersion: "v1",
  metadata: { name: "c", labels: { b: "1", a: "2" } },
  data: { "10": "x", "9": "y", B: "<a> & b", a: "é" },
};

test("the annotation is what kubectl writes: sorted keys, Go's escapes, a newline", () => {
  const applied = withLastApplied(object, "shop");
  assert.equal(
    applied.metadata.annotations?.[lastAppliedAnnotation],
    '{"apiVersion":"v1","data":{"10":"x","9":"y","B":"\\u003ca\\u003e \\u0026 b","a":"é"},"kind":"ConfigMap",' +
      '"metadata":{"annotations":{},"labels":{"a":"2","b":"1"},"name":"c","namespace":"shop"}}\n',
  );
  assert.equal(applied.metadata.namespace, "shop");
});

test("an object of the cluster has no namespace, and an old annotation is not written into the new one", () => {
  const old = { [lastAppliedAnnotation]: "old", team: "a" };
  const applied = withLastApplied(
    { ...object, metadata: { ...object.metadata, namespace: "x", annotations: old } },
    undefined,
  );
  assert.equal(applied.metadata.namespace, undefined);
  const read = readLastApplied(applied) as KubeObject;
  assert.deepEqual(read.metadata.annotations, { team: "a" });
});
