import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type Pod, type RuntimeClass } from "@seaworthy/kube";
import { pod, refusal, startApi } from "../testing/start-api.ts";

const { pods, runtimeclasses } = resourceTypes;

function runtimeClass(name: string, more: Partial<RuntimeClass> = {}): RuntimeClass {
  return { apiVersion: "node.k8s.io/v1", kind: "RuntimeClass", metadata: { name }, handler: "h", ...more };
}

test("a pod gets the overhead, the nodes and the tolerations of its class", async () => {
  const { client } = await startApi();
  const tolerations = [{ key: "gpu", operator: "Exists" }];
  const scheduling = { nodeSelector: { pool: "safe" }, tolerations };
  await client.create(runtimeclasses, runtimeClass("plain"));
  await client.create(
    runtimeclasses,
    runtimeClass("heavy", { overhead: { podFixed: { cpu: "250m" } }, scheduling }),
  );
  const made = await client.create<Pod>(
    pods,
    pod("p", {
      runtimeClassName: "heavy",
      overhead: { cpu: "0.25" },
      nodeSelector: { disk: "ssd" },
      // The class tolerates this, and more.
      tolerations: [{ key: "gpu", operator: "Equal", value: "a", effect: "NoSchedule" }],
    }),
  );
  assert.deepEqual(made.spec.overhead, { cpu: "250m" });
  assert.deepEqual(made.spec.nodeSelector, { disk: "ssd", pool: "safe" });
  assert.deepEqual(
    made.spec.tolerations?.map(({ key }) => key),
    ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable", "gpu"],
  );
  const { spec } = await client.create<Pod>(pods, pod("q", { runtimeClassName: "plain" }));
  assert.deepEqual([spec.overhead, spec.nodeSelector], [undefined, undefined]);
});

test("a pod is refused whose class is not there, or says something else", async () => {
  const { client } = await startApi();
  const scheduling = { nodeSelector: { pool: "safe" } };
  await client.create(
    runtimeclasses,
    runtimeClass("heavy", { overhead: { podFixed: { cpu: "250m" } }, scheduling }),
  );
  const refused = async (spec: object) => await refusal(client.create(pods, pod("p", spec)));
  assert.deepEqual(await refused({ runtimeClassName: "nix" }), {
    code: 403,
    reason: "Forbidden",
    message: 'pods "p" is forbidden: pod rejected: RuntimeClass "nix" not found',
  });
  assert.match(
    (await refused({ overhead: { cpu: "1" } })).message,
    /Pod Overhead set without corresponding RuntimeClass defined Overhead$/,
  );
  assert.match(
    (await refused({ runtimeClassName: "heavy", overhead: { cpu: "1" } })).message,
    /Pod's Overhead doesn't match RuntimeClass's defined Overhead$/,
  );
  assert.match(
    (await refused({ runtimeClassName: "heavy", nodeSelector: { pool: "other" } })).message,
    /conflict: runtimeClass.scheduling.nodeSelector\[pool\] = safe; pod.spec.nodeSelector\[pool\] = other$/,
  );
});
