import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests } from "@seaworthy/kube";
import { rules } from "../rules/rules.ts";
import { checkSets } from "../run/check-sets.ts";
import { compareBaseline, formatBaseline, parseBaseline } from "./baseline.ts";

const pod = (...containers: readonly string[]) => `apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {selector: {app: shop}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata:
  name: shop
  labels: {app: shop}
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: shop, uid: a, controller: true}]
spec:
  containers:
${containers.map((name) => `    - {name: ${name}, image: "shop:1", ports: [{containerPort: 80}]}\n`).join("")}`;

async function check(text: string) {
  const sets = [{ manifests: parseManifests("a.yaml", text), sources: [] }];
  const chosen = rules
    .filter(({ id }) => id === "no-drain")
    .map((rule) => ({ rule, severity: rule.severity }));
  return (await checkSets({ sets, problems: [] }, { rules: chosen })).findings;
}

test("what a baseline knows is taken out, wherever it stands now", async () => {
  const baseline = parseBaseline(formatBaseline(await check(pod("api", "web"))), "baseline.json");
  const { fresh, known, gone } = compareBaseline(
    await check(`# moved\n${pod("new", "web", "api")}`),
    baseline,
  );
  assert.deepEqual(
    fresh.map(({ message }) => message.split(" ")[1]),
    ["new"],
  );
  assert.deepEqual([known, gone], [2, 0]);
  const after = compareBaseline(await check(pod("web")), baseline);
  assert.deepEqual([after.fresh.length, after.known, after.gone], [0, 1, 1]);
});

test("a baseline counts: a second finding of the same kind is new", async () => {
  const [found] = await check(pod("api"));
  const baseline = parseBaseline(formatBaseline([found!]), "baseline.json");
  assert.equal(compareBaseline([found!, found!], baseline).fresh.length, 1);
});

test("what is no baseline is refused", () => {
  for (const text of ["", "[]", "{}", '{"schema":"seaworthy.dev/check-baseline/v1","findings":[{}]}'])
    assert.throws(() => parseBaseline(text, "baseline.json"), { code: "SW1002" });
});
