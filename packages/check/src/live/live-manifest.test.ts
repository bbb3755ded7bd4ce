import assert from "node:assert/strict";
import { test } from "node:test";
import { liveManifest } from "./live-manifest.ts";

const secret = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: {
    name: "login",
    namespace: "shop",
    uid: "1",
    resourceVersion: "7",
    managedFields: [],
    annotations: { "kubectl.kubernetes.io/last-applied-configuration": '{"stringData":{"password":"seen"}}' },
  },
  data: { password: "c2Vlbg==" },
};

test("an object is shown by its name, without what the cluster added and without secrets", () => {
  const manifest = liveManifest(secret);
  assert.deepEqual(manifest.object, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "login", namespace: "shop", uid: "1" },
    data: { password: "e30=" },
  });
  const { file, sourceLine, isOfObject } = manifest.locate(["data", "password"]);
  assert.deepEqual([file, sourceLine, isOfObject], ["shop/Secret/login", "  password: e30=", true]);
});
