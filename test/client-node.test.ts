import assert from "node:assert/strict";
import { test } from "node:test";
import { CoreV1Api, KubeConfig, makeInformer, type V1ConfigMap } from "@kubernetes/client-node";
import { Cluster } from "@seaworthy/cluster";

test("the official JavaScript client lists, creates and follows with the written kubeconfig", async () => {
  await using cluster = await Cluster.start({ profile: "instant", nodes: 1 });
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfigPath);
  const core = config.makeApiClient(CoreV1Api);
  const namespaces = await core.listNamespace();
  assert.ok(namespaces.items.some(({ metadata }) => metadata?.name === "default"));

  const followed = Promise.withResolvers<V1ConfigMap>();
  const informer = makeInformer<V1ConfigMap>(config, "/api/v1/namespaces/default/configmaps", () =>
    core.listNamespacedConfigMap({ namespace: "default" }),
  );
  informer.on("add", (added) => {
    // Every namespace has kube-root-ca.crt, too.
    if (added.metadata?.name === "settings") followed.resolve(added);
  });
  informer.on("error", (error: Error) => followed.reject(error));
  await informer.start();
  try {
    const body = { metadata: { name: "settings" }, data: { level: "info" } };
    await core.createNamespacedConfigMap({ namespace: "default", body });
    assert.deepEqual((await followed.promise).data, { level: "info" });
  } finally {
    await informer.stop();
  }
});
