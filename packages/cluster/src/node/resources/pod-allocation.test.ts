import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@seaworthy/kube";
import { PodAllocation } from "./pod-allocation.ts";

const podWith = (cpu: string, status: Pod["status"] = {}): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web" },
  spec: { containers: [{ name: "app", resources: { requests: { cpu } } }] },
  status,
});

const cpuOf = (pod: Pod) => pod.spec.containers[0]?.resources?.requests?.["cpu"];

test("a pod is given what its spec says, when its node has it", () => {
  const allocation = new PodAllocation(podWith("1"));
  assert.equal(
    allocation.follow(podWith("1"), () => "nothing is asked for"),
    false,
  );
  assert.equal(
    allocation.follow(podWith("2"), () => "no cpu"),
    true,
  );
  assert.equal(allocation.pending, "no cpu");
  assert.equal(cpuOf(allocation.of(podWith("2"))), "1");
  assert.equal(
    allocation.follow(podWith("2"), () => "no cpu"),
    false,
  );
  assert.equal(
    allocation.follow(podWith("2"), () => undefined),
    true,
  );
  assert.equal(allocation.pending, undefined);
  assert.equal(cpuOf(allocation.of(podWith("2"))), "2");
});

test("a resize that is taken back waits no more", () => {
  const allocation = new PodAllocation(podWith("1"));
  allocation.follow(podWith("2"), () => "no cpu");
  assert.equal(
    allocation.follow(podWith("1"), () => "no cpu"),
    true,
  );
  assert.equal(allocation.pending, undefined);
});

test("a pod that ran before its node was started anew has what its status says", () => {
  const app = { name: "app", image: "", imageID: "", ready: true, restartCount: 0 };
  const status = { containerStatuses: [{ ...app, resources: { requests: { cpu: "1" } } }] };
  assert.equal(cpuOf(new PodAllocation(podWith("2", status)).of(podWith("2"))), "1");
});
