import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, systemPriorities, type PriorityClass } from "@seaworthy/kube";
import { pod, refusal, startApi } from "../testing/start-api.ts";

const { pods, priorityclasses } = resourceTypes;

function priority(name: string, value: number, more: Partial<PriorityClass> = {}): PriorityClass {
  return { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name }, value, ...more };
}

test("a pod has what its class says, and nothing else", async () => {
  const { client } = await startApi();
  await client.create(priorityclasses, priority("high", 100, { preemptionPolicy: "Never" }));
  const make = async (name: string, spec: object) => {
    const made = await client.create(pods, pod(name, spec));
    return [made.spec.priorityClassName, made.spec.priority, made.spec.preemptionPolicy];
  };
  assert.deepEqual(await make("none", {}), [undefined, 0, "PreemptLowerPriority"]);
  assert.deepEqual(await make("high", { priorityClassName: "high" }), ["high", 100, "Never"]);
  assert.deepEqual(await make("told", { priorityClassName: "high", priority: 100 }), ["high", 100, "Never"]);
  const refused = async (spec: object) => await refusal(client.create(pods, pod("p", spec)));
  assert.deepEqual(await refused({ priorityClassName: "nix" }), {
    code: 403,
    reason: "Forbidden",
    message: 'pods "p" is forbidden: no PriorityClass with name nix was found',
  });
  assert.match(
    (await refused({ priorityClassName: "high", priority: 7 })).message,
    /\(7\) must not .* computed 100 from/,
  );
  assert.match(
    (await refused({ priorityClassName: "high", preemptionPolicy: "PreemptLowerPriority" })).message,
    /\(PreemptLowerPriority\) must not .* computed Never from/,
  );
});

test("the default class is that of pods without one, and there is one", async () => {
  const { client } = await startApi();
  await client.create(priorityclasses, priority("usual", 50, { globalDefault: true }));
  const { spec } = await client.create(pods, pod("p"));
  assert.deepEqual([spec.priorityClassName, spec.priority], ["usual", 50]);
  const { message } = await refusal(
    client.create(priorityclasses, priority("other", 51, { globalDefault: true })),
  );
  assert.equal(
    message,
    'priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass usual is already marked as default. Only one default can exist',
  );
  await client.patch(priorityclasses, undefined, "usual", "merge", { description: "may still be changed" });
});

test("the system's classes are as they are, and users stay below them", async () => {
  const { client } = await startApi();
  for (const each of systemPriorities) await client.create(priorityclasses, structuredClone(each));
  const refused = async (made: PriorityClass) =>
    (await refusal(client.create(priorityclasses, made))).message;
  assert.match(
    await refused(priority("system-mine", 1)),
    /reserved for system use only. error: system-mine is not a known/,
  );
  assert.match(
    await refused(priority("mine", 1_000_000_001)),
    /value: Forbidden: maximum allowed value of a user/,
  );
  assert.match(
    await refused(priority("mine", 1, { preemptionPolicy: "Maybe" })),
    /Unsupported value: "Maybe": supported values: "PreemptLowerPriority", "Never"$/,
  );
  const change = { value: 5 };
  const { message } = await refusal(
    client.patch(priorityclasses, undefined, "system-node-critical", "merge", change),
  );
  assert.match(message, /value: Forbidden: may not be changed in an update\./);
});
