import assert from "node:assert/strict";
import { test } from "node:test";
import { validateObject } from "@seaworthy/kube";
import { nodeObject } from "./node-object.ts";

const shim = { name: "shim" } as const;
const node = nodeObject("node-2", 2, "v1.36.3", 0, shim);

test("a node has every label that a kubelet and a cloud give it", () => {
  const labels = node.metadata.labels ?? {};
  const prefixes = ["kubernetes.io/", "beta.kubernetes.io/"];
  for (const prefix of prefixes) assert.equal(labels[`${prefix}os`], "linux");
  for (const prefix of prefixes) assert.match(labels[`${prefix}arch`] ?? "", /^(amd64|arm64)$/);
  assert.equal(labels["kubernetes.io/hostname"], "node-2");
  assert.equal(labels["topology.kubernetes.io/zone"], "zone-b");
  assert.equal(labels["failure-domain.beta.kubernetes.io/zone"], "zone-b");
  assert.equal(labels["failure-domain.beta.kubernetes.io/region"], labels["topology.kubernetes.io/region"]);
  assert.equal(labels["beta.kubernetes.io/instance-type"], labels["node.kubernetes.io/instance-type"]);
});

test("its object is one that the API takes, with an identity of its own that stays", () => {
  assert.deepEqual(validateObject(node), []);
  const info = node.status?.nodeInfo;
  for (const id of [info?.machineID, info?.bootID, info?.systemUUID])
    assert.match(id ?? "", /^[0-9a-f-]{32,36}$/);
  assert.equal(nodeObject("node-2", 2, "v1.36.3", 5, shim).status?.nodeInfo?.machineID, info?.machineID);
  assert.notEqual(nodeObject("node-3", 3, "v1.36.3", 0, shim).status?.nodeInfo?.machineID, info?.machineID);
});
