import assert from "node:assert/strict";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { skip, startKubectlCluster, type KubectlCluster } from "./kubectl-cluster.ts";

/** Says when it begins, when it is up and when it ends, and takes a while for each. */
const serve = (name: string) =>
  `echo ${name} begins; trap 'sleep 0.3; echo ${name} ends; exit 0' TERM; sleep 0.3; touch /shared/${name}; echo ${name} is up; while :; do sleep 0.05; done`;
const once0 = (name: string) => `echo ${name} begins; sleep 0.3; echo ${name} ends`;

const pod = (name: string, main: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  restartPolicy: Never
  volumes: [{name: shared, emptyDir: {}}]
  initContainers:
    - {name: first, image: app, command: [sh, -c, "${once0("first")}"]}
    - name: a
      image: app
      restartPolicy: Always
      command: [sh, -c, "${serve("a")}"]
      startupProbe: {exec: {command: [test, -f, /shared/a]}, periodSeconds: 1}
      volumeMounts: [{name: shared, mountPath: /shared}]
    - {name: second, image: app, command: [sh, -c, "${once0("second")}"]}
    - name: b
      image: app
      restartPolicy: Always
      command: [sh, -c, "${serve("b")}"]
      startupProbe: {exec: {command: [test, -f, /shared/b]}, periodSeconds: 1}
      volumeMounts: [{name: shared, mountPath: /shared}]
  containers:
    - {name: main, image: app, command: [sh, -c, "${main}"], volumeMounts: [{name: shared, mountPath: /shared}]}
`;

const start = [
  "first begins",
  "first ends",
  "a begins",
  "a is up",
  "second begins",
  "second ends",
  "b begins",
  "b is up",
  "main begins",
];

/** Sidecars run from before the containers that follow to after the last of them: KEP-753. */
describe("the order of containers", { skip, timeout: 120_000 }, () => {
  let fixture: KubectlCluster;
  before(async () => {
    fixture = await startKubectlCluster();
    await fixture.apply(pod("ends", once0("main")));
    await fixture.apply(pod("is-deleted", serve("main")));
  });
  after(() => fixture[Symbol.asyncDispose]());

  async function ok(...words: string[]): Promise<string> {
    const { code, out, err } = await fixture.kubectl(words);
    assert.equal(code, 0, err);
    return out;
  }
  const inOrder = (log: string) =>
    log
      .trimEnd()
      .split("\n")
      .toSorted()
      .map((line) => line.slice(line.indexOf(" ") + 1));

  test("a pod whose last container ends has its sidecars ended, the last one first", async () => {
    await ok("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/ends", "--timeout=60s");
    const log = await ok("logs", "ends", "--all-containers", "--timestamps");
    assert.deepEqual(inOrder(log), [...start, "main ends", "b ends", "a ends"]);
    const reasons = await ok(
      "get",
      "pod",
      "ends",
      "-o",
      "jsonpath={.status.initContainerStatuses[*].state.terminated.reason}",
    );
    assert.equal(reasons, "Completed Completed Completed Completed");
  });

  test("a pod that is deleted has its sidecars ended after its containers", async () => {
    await ok("wait", "--for=condition=Ready", "pod/is-deleted", "--timeout=60s");
    await ok(
      "exec",
      "is-deleted",
      "-c",
      "main",
      "--",
      "sh",
      "-c",
      "until test -f /shared/main; do sleep 0.05; done",
    );
    const follower = fixture.start(["logs", "is-deleted", "--all-containers", "--timestamps", "--follow"]);
    const followed = text(follower.stdout!);
    await once(follower.stdout!, "readable");
    await ok("delete", "pod", "is-deleted", "--timeout=30s");
    assert.deepEqual(inOrder(await followed), [...start, "main is up", "main ends", "b ends", "a ends"]);
  });
});
