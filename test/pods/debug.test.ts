import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Pod } from "@seaworthy/kube";
import { skip, startKubectlCluster, type KubectlCluster } from "./kubectl-cluster.ts";

const manifest = `
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: app
      image: app
      args: [-e, "require('http').createServer((q, r) => r.end('hello')).listen(8080)"]
      readinessProbe: {tcpSocket: {port: 8080}}
`;

describe("kubectl debug", { skip, timeout: 120_000 }, () => {
  let fixture: KubectlCluster;
  before(async () => {
    fixture = await startKubectlCluster();
    await fixture.apply(manifest);
    await ok("wait", "--for=condition=Ready", "pod/web", "--timeout=60s");
  });
  after(() => fixture[Symbol.asyncDispose]());

  async function ok(...words: string[]): Promise<string> {
    const { code, out, err } = await fixture.kubectl(words);
    assert.equal(code, 0, err);
    return out;
  }
  const over = (index: number) =>
    ok(
      "wait",
      `--for=jsonpath={.status.ephemeralContainerStatuses[${index}].state.terminated.exitCode}=0`,
      "pod/web",
      "--timeout=30s",
    );
  const read = async () => JSON.parse(await ok("get", "pod", "web", "-o", "json")) as Pod;

  test("a container is added to a pod that runs, in its network, and is talked to", async () => {
    const get = "require('http').get('http://127.0.0.1:8080', (a) => a.pipe(process.stdout))";
    await ok("debug", "web", "--image=app", "-c", "look", "--", process.execPath, "-e", get);
    await over(0);
    assert.equal(await ok("logs", "web", "-c", "look"), "hello");
    const pod = await read();
    assert.equal(pod.metadata.generation, 2);
    const [status] = pod.status?.ephemeralContainerStatuses ?? [];
    assert.deepEqual(
      [status?.name, status?.ready, status?.state?.terminated?.reason],
      ["look", false, "Completed"],
    );
    assert.equal(pod.status?.containerStatuses?.[0]?.ready, true);
    const described = await ok("describe", "pod", "web");
    assert.match(described, /Ephemeral Containers:\n {2}look:/);
  });

  test(
    "with --target it sees the processes of another container",
    { skip: process.platform !== "linux" },
    async (t) => {
      if (fixture.cluster.runtime !== "namespace") return t.skip("plain processes see all of this machine");
      const look = "cat /proc/1/cmdline";
      await ok("debug", "web", "--image=tools", "-c", "beside", "--target=app", "--", "sh", "-c", look);
      await over(1);
      assert.match(await ok("logs", "web", "-c", "beside"), /createServer/);
    },
  );

  test("an image that nobody has is a shell of this machine, and takes what is typed", async () => {
    const words = ["debug", "-i", "web", "--image=tools", "-c", "typed"];
    const { code, err } = await fixture.kubectl(words, { input: "echo $((6 * 7)); exit\n" });
    assert.equal(code, 0, err);
    // Where nothing more can be typed, the client leaves before the answer.
    await over(2);
    assert.equal(await ok("logs", "web", "-c", "typed"), "42\n");
  });

  test("what was added stays as it is", async () => {
    const pod = await read();
    const path = "/api/v1/namespaces/default/pods/web/ephemeralcontainers";
    const put = (spec: Pod["spec"]) =>
      fixture.kubectl(["replace", "--raw", path, "-f", "-"], { input: JSON.stringify({ ...pod, spec }) });
    const removed = await put({ ...pod.spec, ephemeralContainers: [] });
    assert.match(removed.err, /existing ephemeral containers "look" may not be removed/);
    const changed = (pod.spec.ephemeralContainers ?? []).map((each) => ({ ...each, image: "other" }));
    assert.match((await put({ ...pod.spec, ephemeralContainers: changed })).err, /may not be changed/);
    const moved = await put({ ...pod.spec, containers: [] });
    assert.equal(moved.code, 0, moved.err);
    assert.deepEqual((await read()).spec, pod.spec);
  });

  test("a pod ends with what was added to it", async () => {
    await ok("debug", "web", "--image=tools", "-c", "stays", "--", "sleep", "1000");
    await ok(
      "wait",
      "--for=jsonpath={.status.ephemeralContainerStatuses[3].state.running}",
      "pod/web",
      "--timeout=30s",
    );
    await ok("delete", "pod", "web", "--grace-period=1", "--timeout=30s");
  });
});
