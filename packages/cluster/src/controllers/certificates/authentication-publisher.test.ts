import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { resourceTypes, type ConfigMap } from "@seaworthy/kube";
import { startSimulatedCluster } from "../../testing/simulated-cluster.ts";

test("extension-apiserver-authentication says whom to believe, and comes back when somebody deletes or changes it", async () => {
  await using cluster = await startSimulatedCluster({ seed: 3 });
  const { client } = cluster;
  const type = resourceTypes.configmaps;
  const name = "extension-apiserver-authentication";
  const find = () =>
    cluster.until("it is there", async () => {
      const { data } = await client.get<ConfigMap>(type, "kube-system", name);
      return (data?.["requestheader-client-ca-file"] ?? "") !== "" && data;
    });
  const data = await find();
  assert.equal(data?.["requestheader-allowed-names"], '["front-proxy-client"]');
  const own = new X509Certificate(data?.["requestheader-client-ca-file"] ?? "");
  const users = new X509Certificate(data?.["client-ca-file"] ?? "");
  assert.equal(own.subject, "CN=front-proxy-ca");
  assert.notEqual(own.fingerprint256, users.fingerprint256);
  await client.delete(type, "kube-system", name);
  assert.deepEqual(await find(), data);
  await client.patch(type, "kube-system", name, "merge", { data: { "requestheader-client-ca-file": "" } });
  assert.deepEqual(await find(), data);
});
