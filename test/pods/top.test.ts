import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { skip, startKubectlCluster, type KubectlCluster } from "./kubectl-cluster.ts";

const manifest = `
apiVersion: v1
kind: Pod
metadata: {name: busy, labels: {app: busy}}
spec:
  containers:
    - {name: app, image: app, args: [-e, "for (;;);"]}
    - {name: side, image: app, args: [-e, "setInterval(() => {}, 1e9)"]}
---
apiVersion: v1
kind: Pod
metadata: {name: large}
spec:
  containers:
    - {name: app, image: app, args: [-e, "const held = Buffer.alloc(200 << 20, 1); setInterval(() => held, 1e9)"]}
---
apiVersion: v1
kind: Pod
metadata: {name: over}
spec: {restartPolicy: Never, containers: [{name: app, image: app, args: [-e, ""]}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: measures}
rules: [{apiGroups: [metrics.k8s.io], resources: [pods], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: measures}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: measures}
subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: jane}]
`;

describe("kubectl top", { skip, timeout: 120_000 }, () => {
  let fixture: KubectlCluster;
  before(async () => {
    fixture = await startKubectlCluster();
    await fixture.apply(manifest);
    for (const condition of [
      "--for=condition=Ready pod/busy pod/large",
      "--for=jsonpath={.status.phase}=Succeeded pod/over",
    ])
      await ok("wait", ...condition.split(" "), "--timeout=60s");
    // The buffer is filled after the program has begun, and that takes the processor as well.
    while (!(await isFilled()));
  });
  after(() => fixture[Symbol.asyncDispose]());

  async function ok(...words: string[]): Promise<string> {
    const { code, out, err } = await fixture.kubectl(words);
    assert.equal(code, 0, err);
    return out;
  }
  async function cells(...words: string[]): Promise<string[][]> {
    const [, ...lines] = (await ok(...words)).trimEnd().split("\n");
    return lines.map((line) => line.trim().split(/\s+/));
  }

  /** Whether the large pod holds its buffer and has rested since, for as long as one measurement lasts. */
  async function isFilled(): Promise<boolean> {
    const pods = await cells("top", "pods");
    const [, cpu, memory] = pods.find(([name]) => name === "large") ?? [];
    return memory?.length === "200Mi".length && milli(cpu) < 50;
  }

  test("pods, with the CPU and the memory of their processes; none that has ended", async () => {
    const pods = await cells("top", "pods");
    assert.deepEqual(
      pods.map(([name]) => name),
      ["busy", "large"],
    );
    const [busy, large] = pods;
    assert.ok(milli(busy![1]) > milli(large![1]) && milli(busy![1]) > 0, String(busy));
    const mebibytes = Number(large![2]!.replace("Mi", ""));
    assert.ok(mebibytes >= 200 && mebibytes < 400, String(large));
  });

  test("containers, nodes, one pod, a label", async () => {
    const containers = await cells("top", "pods", "--containers", "-l", "app=busy");
    assert.deepEqual(
      containers.map(([pod, name]) => `${pod}/${name}`),
      ["busy/app", "busy/side"],
    );
    assert.ok(milli(containers[0]![2]) > milli(containers[1]![2]));
    const [node] = await cells("top", "nodes");
    assert.equal(node![0], "node-1");
    assert.ok(milli(node![1]) > 0, String(node));
    assert.match(node![3]!, /^\d+Mi$/);
    assert.equal((await cells("top", "pod", "large")).length, 1);
    for (const name of ["over", "nosuch"])
      assert.match((await fixture.kubectl(["top", "pod", name])).err, new RegExp(`pods "${name}" not found`));
  });

  test("the objects of metrics.k8s.io, their columns and their schema", async () => {
    const out = await ok("get", "pods.metrics.k8s.io");
    assert.match(out, /^NAME +CPU +MEMORY +WINDOW\nbusy +\d+[mun]? +\d+Ki +[\d.]+s\n/);
    const { metadata, window, timestamp, ...busy } = JSON.parse(
      await ok("get", "podmetrics", "busy", "-o", "json"),
    ) as Record<string, unknown> & { metadata: Record<string, unknown>; containers: { name: string }[] };
    assert.deepEqual(Object.keys(metadata).sort(), ["creationTimestamp", "labels", "name", "namespace"]);
    assert.match(String(window), /^[\d.]+m?s$/);
    assert.match(String(timestamp), /^\d{4}-.*Z$/);
    assert.equal(busy["apiVersion"], "metrics.k8s.io/v1beta1");
    assert.deepEqual(
      busy.containers.map(({ name }) => name),
      ["app", "side"],
    );
    assert.match(await ok("explain", "podmetrics"), /containers\t<\[\]ContainerMetrics> -required-/);
    for (const words of [
      ["delete", "pods.metrics.k8s.io", "busy"],
      ["get", "pods.metrics.k8s.io", "--watch-only"],
    ])
      assert.match((await fixture.kubectl(words)).err, /MethodNotAllowed/);
  });

  test("who may see it is for roles to say", async () => {
    const as = "--as=jane";
    assert.equal((await cells("top", "pods", as)).length, 2);
    assert.match(
      (await fixture.kubectl(["top", "nodes", as])).err,
      /User "jane" cannot list resource "nodes" in API group "metrics.k8s.io" at the cluster scope/,
    );
  });
});

/** `250m` as 250. */
function milli(text = ""): number {
  return Number(text.replace("m", ""));
}
