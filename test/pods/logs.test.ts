import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { skip, startKubectlCluster, type KubectlCluster } from "./kubectl-cluster.ts";

/** What `crash` is told ends its run, and it is started anew. */
const manifest = `
apiVersion: v1
kind: Pod
metadata: {name: one, annotations: {kubectl.kubernetes.io/default-container: main}}
spec:
  terminationGracePeriodSeconds: 0
  initContainers:
    - {name: prep, image: app, command: [sh, -c, "echo prepared"]}
  containers:
    - {name: side, image: app, command: [sh, -c, "echo side >&2; exec sleep 1000000"]}
    - {name: main, image: app, stdin: true, command: [sh, -c, "echo a1; echo a2; echo a3; while read line; do echo heard $line; done; sleep 1000000"]}
---
apiVersion: v1
kind: Pod
metadata: {name: crash}
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: app
      image: app
      stdin: true
      command: [sh, -c, "echo start; read line; echo end"]
---
apiVersion: v1
kind: Pod
metadata: {name: unscheduled}
spec: {nodeSelector: {none: such}, containers: [{name: app, image: app}]}
---
apiVersion: v1
kind: Pod
metadata: {name: no-image}
spec: {containers: [{name: app, image: "registry.invalid/app:1"}]}
`;

describe("kubectl logs", { skip, timeout: 180_000 }, () => {
  let fixture: KubectlCluster;
  before(async () => {
    fixture = await startKubectlCluster();
    await fixture.apply(manifest);
    assert.equal((await fixture.kubectl(["wait", "--for=condition=Ready", "pod/one", "pod/crash"])).code, 0);
    await logs(["one"], (out) => out === "a1\na2\na3\n");
  });
  after(() => fixture[Symbol.asyncDispose]());

  /** Asks again until it is as wanted: a program has begun before it has written. */
  async function logs(
    words: readonly string[],
    isWanted: (out: string) => boolean = () => true,
  ): Promise<string> {
    for (;;) {
      const { code, out, err } = await fixture.kubectl(["logs", ...words]);
      assert.equal(code, 0, err);
      if (isWanted(out)) return out;
    }
  }
  const refusal = async (words: readonly string[]) => (await fixture.kubectl(["logs", ...words])).err.trim();

  test("of each container, both outputs, whole and in parts", async () => {
    assert.equal(await logs(["one", "--tail=2"]), "a2\na3\n");
    assert.equal(await logs(["one", "--tail=0"]), "");
    assert.equal(await logs(["one", "--limit-bytes=4"]), "a1\na");
    assert.equal(await logs(["one", "--tail=2", "--limit-bytes=4"]), "a2\na");
    assert.equal(await logs(["one", "-c", "prep"]), "prepared\n");
    const all = await logs(["one", "--all-containers", "--prefix"]);
    assert.match(all, /^\[pod\/one\/prep\] prepared$/m);
    assert.match(all, /^\[pod\/one\/side\] side$/m);
    assert.match(all, /^\[pod\/one\/main\] a3$/m);
  });

  test("by time", async () => {
    assert.equal(await logs(["one", "--since=1h"]), "a1\na2\na3\n");
    assert.equal(await logs(["one", "--since-time=2999-01-01T00:00:00Z"]), "");
    const stamped = await logs(["one", "--timestamps", "--tail=1"]);
    const time = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z) a3\n$/.exec(stamped)?.[1];
    assert.ok(time !== undefined, stamped);
    assert.match(await logs(["one", `--since-time=${time}`]), /a3\n$/);
  });

  test("followed until its container ends, though it is started anew", async () => {
    const follower = fixture.start(["logs", "-f", "crash"]);
    let out = "";
    follower.stdout!.on("data", (chunk: Buffer) => (out += String(chunk)));
    while (!out.includes("start\n")) await once(follower.stdout!, "data");
    const exit = once(follower, "exit");
    await fixture.kubectl(["attach", "-i", "crash"], { input: "go\n" });
    assert.deepEqual(await exit, [0, null]);
    assert.equal(out, "start\nend\n");
    const restarted = "--for=jsonpath={.status.containerStatuses[0].restartCount}=1";
    assert.equal((await fixture.kubectl(["wait", restarted, "pod/crash", "--timeout=60s"])).code, 0);
    assert.equal(await logs(["crash", "--previous"]), "start\nend\n");
    await logs(["crash"], (text) => text === "start\n");
  });

  test("what cannot be had is refused as on a real cluster", async () => {
    const cases: readonly [words: string[], err: string][] = [
      [["one", "-c", "x"], "container x is not valid for pod one"],
      [["one", "-p"], 'previous terminated container "main" in pod "one" not found'],
      [["nosuch"], '(NotFound): pods "nosuch" not found'],
    ];
    for (const [words, expected] of cases) {
      const told = await refusal(words);
      assert.ok(told.includes(expected), told);
    }
    const pulls = /waiting to start: (image can't be pulled|trying and failing to pull image)$/;
    while (!pulls.test(await refusal(["no-image"])));
    assert.equal(await logs(["unscheduled"]), "");
    const raw = "/api/v1/namespaces/default/pods/one/log?container=main&tailLines=-1";
    assert.match(
      (await fixture.kubectl(["get", "--raw", raw])).err,
      /The PodLogOptions "one" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0/,
    );
  });
});
