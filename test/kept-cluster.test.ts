import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createInformer, type KubeClient } from "@seaworthy/client";
import {
  isPodReady,
  resourceTypes,
  type Deployment,
  type KubeObject,
  type Pod,
  type Service,
} from "@seaworthy/kube";
import { seaworthy, startClusterCommand } from "./seaworthy-command.ts";

const labels = { app: "web" };
const deployment: Deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "default" },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: "web", image: "web" }] } },
  },
};
const service: Service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "default" },
  spec: { type: "NodePort", selector: labels, ports: [{ port: 80 }] },
};

test(
  "a cluster that was killed goes on where it was, for clients that know it from before",
  { timeout: 60_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "kept-cluster-test-"));
    await using resources = new AsyncDisposableStack();
    resources.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
    const dataDir = join(folder, "data");

    const first = resources.use(await startClusterCommand(["--data-dir", dataDir]));
    const kubeconfig = await readFile(first.kubeconfig, "utf8");
    const { client } = first;
    await client.create(resourceTypes.deployments, deployment);
    const { spec: before } = await client.create(resourceTypes.services, service);
    const pods = await untilReady(client, 2, () => true);
    const { resourceVersion } = await client.list(resourceTypes.pods);

    const second = await seaworthy(["cluster", "--data-dir", dataDir]);
    assert.equal(second.exitCode, 2);
    assert.match(second.stderr, /SW2006/);

    first.child.kill("SIGKILL");
    await once(first.child, "exit");
    const again = resources.use(await startClusterCommand(["--data-dir", dataDir]));
    assert.equal(again.apiUrl, first.apiUrl);
    assert.equal(again.ingressUrl, first.ingressUrl);
    assert.equal(again.ingressTlsUrl, first.ingressTlsUrl);
    assert.equal(await readFile(again.kubeconfig, "utf8"), kubeconfig);
    const { spec: after } = await client.get<Service>(resourceTypes.services, "default", "web");
    assert.deepEqual([after.clusterIP, after.ports], [before.clusterIP, before.ports]);
    const back = await untilReady(client, 2, (pod) => pod.status?.containerStatuses?.[0]?.restartCount === 1);
    assert.deepEqual(back, pods, "the same pods");
    const list = await client.list(resourceTypes.pods);
    assert.ok(Number(list.resourceVersion) > Number(resourceVersion));
    const seen = await firstEvent(client, resourceVersion);
    assert.ok(Number(seen.metadata.resourceVersion) > Number(resourceVersion));
    for (const file of ["objects.sqlite", "credentials.json", "kubeconfig"])
      assert.equal((await stat(join(dataDir, file))).mode & 0o777, 0o600, file);
    // Nothing that Node says of its own parts reaches users.
    assert.doesNotMatch(again.stderr(), /Warning/);
  },
);

/** The uids of the ready pods, once there are as many as wanted. */
async function untilReady(
  client: KubeClient,
  count: number,
  accept: (pod: Pod) => boolean,
): Promise<string[]> {
  await using pods = createInformer<Pod>(client, resourceTypes.pods);
  const { promise, resolve: found } = Promise.withResolvers<string[]>();
  const stop = pods.onChange(() => {
    const ready = pods.list("default").filter((pod) => isPodReady(pod) && accept(pod));
    if (ready.length === count) found(ready.map(({ metadata }) => metadata.uid ?? "").toSorted());
  });
  const uids = await promise;
  stop();
  return uids;
}

/** The first event of a watch from a revision of before the restart. */
async function firstEvent(client: KubeClient, resourceVersion: string): Promise<KubeObject> {
  const abort = new AbortController();
  for await (const { type, object } of client.watch(resourceTypes.pods, {
    resourceVersion,
    signal: abort.signal,
  })) {
    abort.abort();
    assert.equal(type, "MODIFIED");
    return object;
  }
  return assert.fail("the watch ended");
}
