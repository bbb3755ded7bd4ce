import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSet, type ManifestSource } from "@seaworthy/app";
import { checkSets, chooseRules, rules } from "@seaworthy/check";
import { SeaworthyError } from "@seaworthy/errors";
import { proveFindings } from "./prove-findings.ts";
import type { Tried } from "./tried.ts";

const workload = (kind: string, name: string, more = "") => `apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: ${name}
          image: ${name}:1
          ports: [{ containerPort: 8080 }]
${more}---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ port: 80, targetPort: 8080 }] }
`;
const probe = "          readinessProbe: { tcpSocket: { port: 8080 } }\n";
const hook = "          lifecycle: { preStop: { sleep: { seconds: 5 } } }\n";

function fileOf(text: string, name = "app.yaml"): ManifestSource {
  return { name, text, isNamed: true, path: `/k8s/${name}` };
}

const tried: Tried = {
  requests: 1_000,
  lost: 4,
  podEnds: 2,
  deployments: new Map(),
  causes: [],
  badEnds: [],
  doubt: undefined,
  standIns: [],
};

/** Checks and proves sets of files, with trials that give these losses one after the other. */
async function proved(
  sets: readonly (readonly ManifestSource[])[],
  trials: readonly (number | Error)[] = [4, 0],
) {
  const read = sets.map((sources) => parseSet(sources, "check").set);
  const chosen = chooseRules(rules, "default", []);
  const { findings } = await checkSets({ sets: read, problems: [] }, { rules: chosen });
  const texts: string[] = [];
  const proof = await proveFindings({
    sets: read,
    findings,
    rules: chosen,
    choose: (all) => all,
    tryOut: async (sources) => {
      const lost = trials[texts.length]!;
      texts.push(sources.map(({ text }) => text).join(""));
      if (lost instanceof Error) throw lost;
      return { ...tried, lost };
    },
  });
  return { proof, texts };
}

const told = (findings: Awaited<ReturnType<typeof proved>>["proof"]["findings"]) =>
  findings
    .map(({ found, deployment, mend }) => `${found.rule} ${deployment ?? "-"} ${mend ?? "-"}`)
    .toSorted();

test("only the findings that lose requests are mended, by unsafe fixes as well", async () => {
  const text = workload("Deployment", "shop").replace("spec:\n", "spec:\n  strategy: { type: Recreate }\n");
  const { proof, texts } = await proved([[fileOf(text)]]);
  assert.equal(proof.outcome, "proved");
  const [asItIs, asFixed] = texts;
  assert.equal(asItIs, text);
  assert.match(asFixed!, /type: RollingUpdate/);
  assert.match(asFixed!, /preStop/);
  assert.doesNotMatch(asFixed!, /resources|limits/);
  assert.deepEqual(told(proof.findings), ["readiness-missing shop -", "recreate shop --fix --unsafe"]);
});

test("where --fix mends nothing there is one trial", async () => {
  const { proof, texts } = await proved([[fileOf(workload("Deployment", "shop", hook))]]);
  assert.equal(proof.outcome, "not-mended");
  assert.equal(texts.length, 1);
  const rendered = await proved([
    [{ name: "helm template .", text: workload("Deployment", "shop", probe), isNamed: true }],
  ]);
  assert.equal(rendered.proof.outcome, "not-mended", "what is rendered cannot be written");
});

test("where nothing is lost there is no second trial", async () => {
  const { proof, texts } = await proved([[fileOf(workload("Deployment", "shop", probe))]], [0]);
  assert.equal(proof.outcome, "nothing-lost");
  assert.equal(texts.length, 1);
});

test("without a finding that a rollout shows there is no trial", async () => {
  for (const text of [workload("StatefulSet", "shop"), workload("Deployment", "shop", probe + hook)]) {
    const { proof, texts } = await proved([[fileOf(text)]]);
    assert.equal(proof.outcome, "nothing-to-try");
    assert.deepEqual(texts, []);
  }
});

test("findings in what is not rolled stand beside those that are tried", async () => {
  const text = `${workload("Deployment", "shop", probe)}---\n${workload("StatefulSet", "store", hook)}`;
  const { proof } = await proved([[fileOf(text)]]);
  assert.deepEqual(told(proof.findings), ["no-drain shop --fix", "readiness-missing - -"]);
});

test("of several sets one has to be named, unless only one has such findings", async () => {
  const leaking = [fileOf(workload("Deployment", "shop", probe), "a.yaml")];
  const other = [fileOf(workload("Deployment", "cart", probe), "b.yaml")];
  const good = [fileOf(workload("Deployment", "cart", probe + hook), "b.yaml")];
  await assert.rejects(proved([leaking, other]), /SW1002|one set of manifests/);
  assert.equal((await proved([leaking, good])).proof.outcome, "proved");
});

test("why a trial could not be made belongs to the proof, and a bug does not", async () => {
  const set = [[fileOf(workload("Deployment", "shop", probe))]];
  const refused = new SeaworthyError("SW1301", "asks for hostPath /", { next: [] });
  const first = (await proved(set, [new AggregateError([refused])])).proof;
  assert.deepEqual([first.outcome, first.errors], ["not-tried", [refused]]);
  const second = (await proved(set, [4, refused])).proof;
  assert.deepEqual([second.outcome, second.asItIs?.lost], ["not-tried", 4]);
  await assert.rejects(proved(set, [new TypeError("a bug")]), /a bug/);
});
