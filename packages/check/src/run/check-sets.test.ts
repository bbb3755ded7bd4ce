import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDocuments } from "@seaworthy/kube";
import { rules } from "../rules/rules.ts";
import type { Rule } from "../rule.ts";
import { checkSets } from "./check-sets.ts";

const rule = (id: string, check: Rule["check"]): Rule => ({
  id,
  severity: "warning",
  title: id,
  why: "Because it breaks. More is told elsewhere.",
  mend: "",
  sources: [],
  check,
});

const labelled = rule("labelled", function* check({ manifests }) {
  for (const manifest of manifests)
    yield {
      manifest,
      path: ["metadata", "name"],
      message: `${manifest.object.metadata.name} is found`,
      next: [],
    };
});

const broken = rule("broken", function* check({ manifests }) {
  yield { manifest: manifests[0]!, path: ["kind"], message: "before it breaks", next: [] };
  throw new TypeError("no such field");
});

async function check(files: Readonly<Record<string, string>>, rules: readonly Rule[]) {
  const parsed = Object.entries(files).map(([file, text]) => parseDocuments(file, text));
  const input = {
    sets: parsed.map(({ manifests }) => ({ manifests, sources: [] })),
    problems: parsed.flatMap(({ problems }) => problems),
  };
  const { findings } = await checkSets(input, {
    rules: rules.map((each) => ({ rule: each, severity: each.severity })),
  });
  return findings.map(
    (found) => `${found.place?.file}:${found.place?.line} ${found.severity} ${found.rule}: ${found.message}`,
  );
}

const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

test("findings come in the order of files and lines", async () => {
  assert.deepEqual(
    await check({ "b.yaml": `${map("one")}---\n${map("two")}`, "a.yaml": map("three") }, [labelled]),
    [
      "b.yaml:4 warning labelled: one is found",
      "b.yaml:9 warning labelled: two is found",
      "a.yaml:4 warning labelled: three is found",
    ],
  );
});

test("a broken document is told of, and hides nothing in the others", async () => {
  const text = `${map("one")}---\na: [\n---\n${map("two")}`;
  assert.deepEqual(
    (await check({ "a.yaml": text }, [labelled])).map((line) => line.split(" ").slice(0, 3).join(" ")),
    ["a.yaml:4 warning labelled:", "a.yaml:7 error SW1101:", "a.yaml:11 warning labelled:"],
  );
});

test("a rule that fails is told of as such, and the others go on", async () => {
  assert.deepEqual(await check({ "a.yaml": map("one") }, [broken, labelled]), [
    "a.yaml:2 warning broken: before it breaks",
    "a.yaml:4 warning labelled: one is found",
    "undefined:undefined error SW7001: the rule broken failed, and has not looked at everything: TypeError: no such field",
  ]);
});

test("an object with wrong types is told of, and is kept from the rules", async () => {
  assert.deepEqual(
    (await check({ "a.yaml": `${map("one")}data: [1]\n---\n${map("two")}` }, [labelled])).map(
      (line) => line.split(":")[0]! + line.split(" ")[2],
    ),
    ["a.yamlwrong-type:", "a.yamllabelled:"],
  );
});

test("what is missing is missing in these files, or in this cluster", async () => {
  const { manifests } = parseDocuments(
    "a.yaml",
    `${map("one")}---
apiVersion: v1
kind: Pod
metadata: { name: shop }
spec:
  containers: [{ name: shop, image: "shop:1", envFrom: [{ configMapRef: { name: other } }] }]
`,
  );
  const rule = rules.find(({ id }) => id === "missing-config")!;
  const messageFor = async (home?: "this cluster") => {
    const options = { rules: [{ rule, severity: rule.severity }], home };
    const { findings } = await checkSets({ sets: [{ manifests, sources: [] }], problems: [] }, options);
    return findings.map(({ message }) => message);
  };
  const asks = "Pod shop asks for ConfigMap other, which is not in";
  assert.deepEqual(await messageFor(), [`${asks} these files`]);
  assert.deepEqual(await messageFor("this cluster"), [`${asks} this cluster`]);
});

test("a rule gives way to one that knows more of the same field, where that one is run and speaks", async () => {
  const better = rule("better", function* check({ manifests }) {
    yield { manifest: manifests[0]!, path: ["metadata", "name"], message: "told better", next: [] };
  });
  const modest = { ...labelled, givesWayTo: ["better"] };
  const files = { "a.yaml": `${map("one")}---\n${map("two")}` };
  assert.deepEqual(await check(files, [modest, better]), [
    "a.yaml:4 warning better: told better",
    "a.yaml:9 warning labelled: two is found",
  ]);
  assert.equal((await check(files, [modest])).length, 2);
});

const chosen = (id: string) => rules.filter((each) => each.id === id);
const selecting = `apiVersion: v1
kind: Service
metadata: { name: shop }
spec: { selector: { app: shop }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: queue, labels: { app: queue } }
spec: { containers: [{ name: queue, image: queue }] }
`;

test("what seems to be missing may be in a document that cannot be read", async () => {
  const found = async (isTorn: boolean) => {
    const { manifests } = parseDocuments("a.yaml", selecting);
    const [rule] = chosen("service-selects-nothing");
    const input = { sets: [{ manifests, sources: [], isTorn }], problems: [] };
    return (await checkSets(input, { rules: [{ rule: rule!, severity: "error" }] })).findings.length;
  };
  assert.equal(await found(false), 1);
  assert.equal(await found(true), 0);
});

test("what Helm applies before or after a release is there for those that refer to it", async () => {
  const account = (name: string) => `{ apiVersion: v1, kind: ServiceAccount, metadata: { name: ${name} } }`;
  const text = `${account("shop")}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: migrate }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: migrate }]
`;
  const found = async (...names: string[]) => {
    const { manifests } = parseDocuments("a.yaml", text);
    const hooks = names.flatMap((name) => parseDocuments("a.yaml", account(name)).manifests);
    const [rule] = chosen("binding-missing");
    const input = { sets: [{ manifests, sources: [], hooks }], problems: [] };
    return (await checkSets(input, { rules: [{ rule: rule!, severity: "error" }] })).findings.length;
  };
  assert.equal(await found(), 1);
  assert.equal(await found("migrate"), 0);
});
