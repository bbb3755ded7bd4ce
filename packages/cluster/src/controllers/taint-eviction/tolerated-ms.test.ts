import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@seaworthy/kube";
import { toleratedMs } from "./tolerated-ms.ts";

const taint = (key: string) => ({ key, effect: "NoExecute" });
const pod = (...tolerations: NonNullable<Pod["spec"]["tolerations"]>): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p" },
  spec: { containers: [], tolerations },
});

test("the shortest time counts, no time is for good, and a taint without a toleration ends it", () => {
  const a = { key: "a", operator: "Exists", tolerationSeconds: 300 };
  const b = { key: "b", operator: "Exists", tolerationSeconds: 20 };
  const all = { operator: "Exists" };
  const rows: readonly [Pod, readonly string[], number][] = [
    [pod(), ["a"], 0],
    [pod(a), ["a", "b"], 0],
    [pod(a, b), ["a", "b"], 20_000],
    [pod(a, all), ["b"], Infinity],
    [pod(a, all), ["a", "b"], 300_000],
    [pod({ ...a, tolerationSeconds: -1 }), ["a"], 0],
  ];
  for (const [each, keys, wanted] of rows) assert.equal(toleratedMs(each, keys.map(taint)), wanted);
});
