import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiResponse } from "@seaworthy/client";
import { resourceTypes, type Pod, type PodDisruptionBudget } from "@seaworthy/kube";
import { pod, startApi, type Fixture } from "../testing/start-api.ts";

type Answer = Record<string, unknown> & { readonly message?: string };

async function evict(api: Fixture, name: string, more: object = {}): Promise<[number, Answer, ApiResponse]> {
  const body = JSON.stringify({
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name, namespace: "default" },
    ...more,
  });
  const response = await api.transport({
    method: "POST",
    path: `/api/v1/namespaces/default/pods/${name}/eviction`,
    query: new URLSearchParams(),
    headers: { "content-type": "application/json" },
    body,
  });
  return [response.status, JSON.parse(String(response.body)) as Answer, response];
}

async function runningPod(api: Fixture, name: string, ready = true): Promise<Pod> {
  const created = await api.client.create(resourceTypes.pods, pod(name, { nodeName: "n" }));
  const conditions = [{ type: "Ready", status: ready ? "True" : "False" }];
  const status = { ...created.status, phase: "Running", conditions };
  return await api.client.update<Pod>(resourceTypes.pods, { ...created, status }, "status");
}

async function createBudget(
  api: Fixture,
  name: string,
  status: PodDisruptionBudget["status"],
  spec: Partial<PodDisruptionBudget["spec"]> = {},
): Promise<void> {
  const selector = { matchLabels: { app: "p" } };
  const created = await api.client.create<PodDisruptionBudget>(resourceTypes.poddisruptionbudgets, {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace: "default" },
    spec: { selector, minAvailable: 1, ...spec },
  });
  await api.client.update(
    resourceTypes.poddisruptionbudgets,
    { ...created, status } as PodDisruptionBudget,
    "status",
  );
}

const counted = { currentHealthy: 2, desiredHealthy: 1, expectedPods: 2, observedGeneration: 1 };
const violates = "Cannot evict pod as it would violate the pod's disruption budget.";

test("of evictions at once as many are granted as the budget allows, and the others are 429", async () => {
  const api = await startApi();
  for (const name of ["a", "b", "c"]) await runningPod(api, name);
  await createBudget(api, "budget", { ...counted, disruptionsAllowed: 1 });
  const answers = await Promise.all(["a", "b", "c"].map((name) => evict(api, name)));
  assert.deepEqual(
    answers.map(([code]) => code),
    [201, 429, 429],
  );
  assert.equal(answers[1]?.[1].message, violates);
  // The pod that goes is counted among the healthy ones until the controller has seen it.
  const message = "The disruption budget budget does not allow evicting pods currently";
  assert.deepEqual(answers[1]?.[1]["details"], { causes: [{ reason: "DisruptionBudget", message }] });
  const budget = await api.client.get<PodDisruptionBudget>(
    resourceTypes.poddisruptionbudgets,
    "default",
    "budget",
  );
  assert.deepEqual(budget.status?.disruptionsAllowed, 0);
  assert.deepEqual(Object.keys(budget.status?.disruptedPods ?? {}), ["a"]);
  assert.equal(budget.status?.conditions?.[0]?.status, "False");
  const evicted = await api.client.get<Pod>(resourceTypes.pods, "default", "a");
  assert.ok(evicted.metadata.deletionTimestamp !== undefined);
  const mark = evicted.status?.conditions?.find(({ type }) => type === "DisruptionTarget");
  assert.deepEqual([mark?.status, mark?.reason], ["True", "EvictionByEvictionAPI"]);
});

test("a budget with too few healthy pods says so; one that was not counted yet asks for 10 s", async () => {
  const api = await startApi();
  await runningPod(api, "a");
  await createBudget(api, "budget", { ...counted, currentHealthy: 1, disruptionsAllowed: 0 });
  const [code, status] = await evict(api, "a");
  assert.deepEqual(
    [code, status],
    [
      429,
      {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: violates,
        reason: "TooManyRequests",
        details: {
          causes: [
            {
              reason: "DisruptionBudget",
              message: "The disruption budget budget needs 1 healthy pods and has 1 currently",
            },
          ],
        },
        code: 429,
      },
    ],
  );
  await api.client.patch(resourceTypes.poddisruptionbudgets, "default", "budget", "merge", {
    spec: { minAvailable: 0 },
  });
  const [, uncounted, { headers }] = await evict(api, "a");
  const message = "The disruption budget budget is still being processed by the server.";
  assert.deepEqual(uncounted["details"], {
    causes: [{ reason: "DisruptionBudget", message }],
    retryAfterSeconds: 10,
  });
  assert.equal(headers["retry-after"], "10");
});

test("a pod that is not ready goes where the others are enough, or where the budget always lets it", async () => {
  const api = await startApi();
  for (const name of ["a", "b", "c"]) await runningPod(api, name, false);
  await createBudget(api, "budget", { ...counted, currentHealthy: 0, disruptionsAllowed: 0 });
  assert.equal((await evict(api, "a"))[0], 429);
  const patch = { status: { currentHealthy: 1 } };
  await api.client.patch(resourceTypes.poddisruptionbudgets, "default", "budget", "merge", patch, "status");
  assert.equal((await evict(api, "a"))[0], 201);
  await api.client.patch(resourceTypes.poddisruptionbudgets, "default", "budget", "merge", {
    spec: { unhealthyPodEvictionPolicy: "AlwaysAllow" },
    status: { currentHealthy: 0 },
  });
  assert.equal((await evict(api, "b"))[0], 201);
});

test("a pod that has not begun, and a dry run, cost the budget nothing", async () => {
  const api = await startApi();
  await api.client.create(resourceTypes.pods, pod("pending"));
  await runningPod(api, "a");
  await createBudget(api, "budget", { ...counted, disruptionsAllowed: 1 });
  assert.equal((await evict(api, "pending"))[0], 201);
  assert.equal((await evict(api, "a", { deleteOptions: { dryRun: ["All"] } }))[0], 201);
  const { status } = await api.client.get<Pod>(resourceTypes.pods, "default", "a");
  assert.equal(status?.conditions?.length, 1);
  const preconditions = { resourceVersion: "1" };
  assert.equal((await evict(api, "a", { deleteOptions: { preconditions } }))[0], 409);
});

test("two budgets of one pod are more than an eviction can heed, and a name that is not the path's is 400", async () => {
  const api = await startApi();
  await runningPod(api, "a");
  for (const name of ["x", "y"]) await createBudget(api, name, { ...counted, disruptionsAllowed: 1 });
  const [code, status] = await evict(api, "a");
  assert.deepEqual([code, status["code"], status["status"]], [500, 500, "Failure"]);
  assert.match(status.message ?? "", /more than one PodDisruptionBudget/);
  assert.equal((await evict(api, "a", { metadata: { name: "b" } }))[0], 400);
});
