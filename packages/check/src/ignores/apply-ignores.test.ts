import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests } from "@seaworthy/kube";
import { chooseRules } from "../choice/choose-rules.ts";
import { rules } from "../rules/rules.ts";
import { checkSets } from "../run/check-sets.ts";
import { ignoreRules } from "./ignore-rules.ts";

const manifest = (annotation: string, above: string, behind: string) => `{apiVersion: v1, kind: Service,
metadata: {name: shop},
spec: {selector: {app: shop}, ports: [{port: 80}]}}
---
apiVersion: v1
kind: Pod
metadata:
  name: shop
  labels: {app: shop}
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: shop, uid: a, controller: true}]
${annotation}spec:
  containers:
${above}    - name: shop${behind}
      image: shop:1
      ports: [{containerPort: 80}]
`;

async function check(text: string) {
  const sets = [{ manifests: parseManifests("a.yaml", text), sources: [{ name: "a.yaml", text }] }];
  const chosen = chooseRules([...rules, ...ignoreRules], "polaris", [
    { id: "no-drain", level: "on" },
    { id: "ignore-broken", level: "on" },
    { id: "ignore-unused", level: "on" },
  ]).filter(({ rule }) => /^(?:no-drain|ignore-.*)$/.test(rule.id));
  const { findings, ignored } = await checkSets({ sets, problems: [] }, { rules: chosen });
  return [
    ...findings.map(({ rule, place, message }) => `${rule} ${place?.line} ${message}`),
    ...ignored.map(({ rule, reason }) => `ignored ${rule}: ${reason}`),
  ];
}

const annotation = (text: string) => `  annotations:\n    seaworthy.dev/ignore: "${text}"\n`;
const finding = (line: number) =>
  `no-drain ${line} container shop gets SIGTERM while Service shop still sends it requests`;

test("a finding is ignored with a reason, by an annotation, the line above, and the end of the line", async () => {
  assert.deepEqual(await check(manifest("", "", "")), [finding(13)]);
  assert.deepEqual(await check(manifest(annotation("no-drain: it drains; it is old; one: x"), "", "")), [
    "ignore-broken 12 an ignore names one, which is no rule",
    "ignored no-drain: it drains; it is old",
  ]);
  assert.deepEqual(await check(manifest("", "    # seaworthy-ignore no-drain: it drains\n", "")), [
    "ignored no-drain: it drains",
  ]);
  assert.deepEqual(await check(manifest("", "", " # seaworthy-ignore no-drain: it drains")), [
    "ignored no-drain: it drains",
  ]);
});

test("an ignore without a reason, or of no rule, ignores nothing", async () => {
  assert.deepEqual(await check(manifest("", "    # seaworthy-ignore no-drain\n", "")), [
    "ignore-broken 13 the ignore of no-drain gives no reason, and so is none",
    finding(14),
  ]);
  assert.deepEqual(await check(manifest("", "    # seaworthy-ignore no-drian: it drains\n", "")), [
    "ignore-broken 13 an ignore names no-drian, which is no rule",
    finding(14),
  ]);
});

test("an ignore that ignores nothing is told of", async () => {
  assert.deepEqual(await check(`# seaworthy-ignore no-drain: it drains\n${manifest("", "", "")}`), [
    "ignore-unused 1 nothing is left for no-drain to be ignored here",
    finding(14),
  ]);
});
