import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@seaworthy/kube";
import type { ContainerContext } from "../container/container-context.ts";
import { createJournalBook } from "../container/container-journal.ts";
import { findContainers } from "../container/found-container.ts";
import { containerdPace } from "../../node-pace.ts";
import { settlingClock } from "../../testing/fake-clock.ts";
import { createFakeSandbox } from "../testing/fake-sandbox.ts";
import { PodContainers } from "./pod-containers.ts";

test("in a pod with init containers all wait as PodInitializing, also when these are over", async () => {
  const init = start([{ name: "init", image: "i" }]);
  await init.clock.advance(0);
  assert.deepEqual(init.reasons(), [undefined, "PodInitializing"]);
  init.sandbox.started[0]!.exit(0);
  await init.prepares("web");
  assert.deepEqual(init.reasons(), [undefined, "PodInitializing"]);

  const alone = start([]);
  await alone.prepares("web");
  assert.deepEqual(alone.reasons(), ["ContainerCreating"]);
});

/** A pod whose main container is prepared for ever. */
function start(initContainers: Pod["spec"]["containers"]) {
  const clock = settlingClock();
  const sandbox = createFakeSandbox();
  const prepared = Promise.withResolvers<string>();
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "default", uid: "uid" },
    spec: { initContainers, containers: [{ name: "web", image: "w" }] },
  };
  const found = findContainers(pod, 0);
  const journals = createJournalBook();
  const context: ContainerContext = {
    clock,
    clusterClock: clock,
    uid: "uid",
    logDir: "/none",
    terminationDir: "/none",
    sandbox,
    limits: { holdsCpu: false, confine: () => undefined, place: () => {} },
    restart: "Always",
    pace: () => containerdPace,
    execDelayMs: () => 0,
    podName: "p_default(uid)",
    terminationGraceMs: () => 0,
    prepare: ({ name }, { logFile }) => {
      const spec = { name, argv: [], env: {}, workingDir: "/", mounts: [], logFile };
      if (name === "init")
        return Promise.resolve({ spec, terminationLog: undefined, standIn: false, stopSignal: "SIGTERM" });
      prepared.resolve(name);
      return new Promise(() => {});
    },
    event: () => {},
    journal: (entry) => journals.begin({ namespace: "default", pod: "p", podUid: "uid", ...entry }),
    changed: () => {},
  };
  const nextChange = () => new Promise(() => {});
  const containers = new PodContainers({ pod, context, found, isEnding: () => false, nextChange });
  void containers.run();
  return {
    clock,
    sandbox,
    prepares: async (name: string) => assert.equal(await prepared.promise, name),
    reasons: () => [...found.values()].map(({ record }) => record.state.waiting?.reason),
  };
}
