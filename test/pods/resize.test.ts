import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createInformer } from "@seaworthy/client";
import { resourceTypes, type Pod } from "@seaworthy/kube";
import { skip, startKubectlCluster, type KubectlCluster } from "./kubectl-cluster.ts";

const manifest = `
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: app
      image: app
      args: [-e, "setInterval(() => {}, 1e9)"]
      resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 500m, memory: 1Gi}}
`;
const onLinux = process.platform === "linux" ? skip : "memory is known on Linux only";

describe("kubectl patch --subresource resize", { skip: onLinux, timeout: 120_000 }, () => {
  let fixture: KubectlCluster;
  before(async () => {
    fixture = await startKubectlCluster();
    await fixture.apply(manifest);
    await ok("wait", "--for=condition=Ready", "pod/web", "--timeout=60s");
  });
  after(() => fixture[Symbol.asyncDispose]());

  test("gives a container other limits while it runs", async () => {
    await resize({ requests: { cpu: "200m" }, limits: { cpu: "2" } });
    const { status } = await until((pod) => appOf(pod)?.resources?.limits?.["cpu"] === "2");
    const { resources, allocatedResources, restartCount } = status!.containerStatuses![0]!;
    assert.deepEqual(resources, {
      requests: { cpu: "200m", memory: "64Mi" },
      limits: { cpu: "2", memory: "1Gi" },
    });
    assert.deepEqual(allocatedResources, { cpu: "200m", memory: "64Mi" });
    assert.equal(restartCount, 0);
  });

  test("waits with a memory limit that is below what a container uses", async () => {
    await resize({ requests: { memory: "1Mi" }, limits: { memory: "1Mi" } });
    const waiting = await until((pod) => resizing(pod)?.reason === "Error");
    assert.match(
      resizing(waiting)?.message ?? "",
      /^cannot decrease memory limits: attempting to set container "app" memory limit \(1048576\) below current usage \(\d+\)$/,
    );
    assert.equal(appOf(waiting)?.resources?.limits?.["memory"], "1Gi");
    await resize({ requests: { memory: "64Mi" }, limits: { memory: "512Mi" } });
    const resized = await until((pod) => appOf(pod)?.resources?.limits?.["memory"] === "512Mi");
    assert.equal(resizing(resized), undefined);
  });

  const appOf = ({ status }: Pod) => status?.containerStatuses?.[0];
  const resizing = ({ status }: Pod) =>
    status?.conditions?.find(({ type }) => type === "PodResizeInProgress");

  async function resize(resources: object): Promise<void> {
    const patch = { spec: { containers: [{ name: "app", resources }] } };
    await ok("patch", "pod", "web", "--subresource", "resize", "--patch", JSON.stringify(patch));
  }

  async function ok(...words: string[]): Promise<string> {
    const { code, out, err } = await fixture.kubectl(words);
    assert.equal(code, 0, err);
    return out;
  }

  async function until(isSo: (pod: Pod) => boolean): Promise<Pod> {
    await using pods = createInformer<Pod>(fixture.cluster.client, resourceTypes.pods);
    const { promise, resolve } = Promise.withResolvers<Pod>();
    pods.onChange(({ object }) => isSo(object) && resolve(object));
    return await promise;
  }
});
