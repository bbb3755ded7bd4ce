import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { seaworthy } from "./seaworthy-command.ts";

interface Verdict {
  readonly verdict: string;
  readonly unavoidable: number;
  readonly requests: { readonly failed: number };
  readonly causes: readonly {
    readonly cause: string;
    readonly advice: { readonly changes: readonly { readonly path: string }[] };
  }[];
  readonly scenarios: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly why?: string;
    readonly notes?: readonly string[];
  }[];
}

const shop = ({ replicas = 3, probed = "/" }) => `apiVersion: v1
kind: Service
metadata: { name: shop }
spec: { selector: { app: shop }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop }
spec:
  rules:
    - host: shop.example
      http:
        paths: [{ path: /, pathType: Prefix, backend: { service: { name: shop, port: { number: 80 } } } }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: shop } }
  strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers:
        - name: shop
          image: shop:1
          ports: [{ containerPort: 8080 }]
          readinessProbe: { httpGet: { path: ${probed}, port: 8080 }, periodSeconds: 1 }
          lifecycle: { preStop: { sleep: { seconds: 3 } } }
`;

async function play(context: TestContext, manifest: string, scenario: string, profile = "envoy") {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-scenario-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "shop.yaml"), manifest);
  const args = ["trial", "shop.yaml", "--scenario", scenario, "--rate", "60", "--output", "json"];
  args.push("--profile", profile, "--stand-in", "drain:2s");
  const { exitCode, stdout, stderr } = await seaworthy(args, { cwd: folder });
  assert.ok(stdout.startsWith("{"), `no verdict; exit ${exitCode}\n${stderr}`);
  const verdict = JSON.parse(stdout) as Verdict;
  return { exitCode, verdict, scenario: verdict.scenarios[0]!, cause: verdict.causes[0] };
}

test("bad-answers: a probe of what users ask keeps the version out", async (context) => {
  const { exitCode, verdict, scenario } = await play(context, shop({}), "bad-answers");
  assert.deepEqual([exitCode, verdict.requests.failed, scenario.verdict], [0, 0, "held"]);
  assert.match(scenario.notes?.join() ?? "", /the old ones kept all requests/);
});

test("bad-answers: behind a probe of another path it gets the requests, and the advice is the probe", async (context) => {
  const { exitCode, scenario, cause } = await play(context, shop({ probed: "/healthz" }), "bad-answers");
  assert.deepEqual([exitCode, scenario.verdict, cause?.cause], [1, "leaking", "bad-version"]);
  assert.match(scenario.why ?? "", /^pods of the bad version got [\d,]+ of [\d,]+ requests$/);
  assert.deepEqual(
    cause?.advice.changes.map(({ path }) => path),
    ["spec.template.spec.containers[0].readinessProbe.httpGet.path"],
  );
});

test("node-loss: what was on its way to the node is counted apart, and others serve on", async (context) => {
  const { exitCode, verdict, scenario } = await play(context, shop({}), "node-loss");
  assert.deepEqual([exitCode, scenario.verdict], [0, "held"]);
  assert.ok(verdict.unavoidable > 0);
  assert.match(scenario.notes?.[0] ?? "", /^node-\d went with 1 of 3 pods of shop; .* withdrawn after/);
});

test("node-loss: with all pods on one node the service leaks, and the advice is another node", async (context) => {
  const { exitCode, scenario, cause } = await play(context, shop({ replicas: 1 }), "node-loss");
  assert.deepEqual([exitCode, scenario.verdict, cause?.cause], [1, "leaking", "all-on-one-node"]);
  assert.deepEqual(
    cause?.advice.changes.map(({ path }) => path),
    ["spec.replicas", "spec.template.spec.topologySpreadConstraints"],
  );
});

test("edge-restart: what goes with nginx is counted apart, by the kind of client", async (context) => {
  const { exitCode, verdict, scenario, cause } = await play(
    context,
    shop({ replicas: 2 }),
    "edge-restart",
    "ingress-nginx",
  );
  assert.deepEqual([exitCode, scenario.verdict, cause?.cause], [0, "held", "edge-restarted"]);
  assert.equal(verdict.unavoidable, verdict.requests.failed);
  const [restart, clients] = scenario.notes ?? [];
  assert.match(restart ?? "", /^the edge was restarted; .* did not take \d+ new ones/);
  assert.match(
    clients ?? "",
    /went with the edge, \d+ were of clients that keep their connections, and \d+ of/,
  );
});

test("edge-restart: Envoy says that it closes, and nothing is lost", async (context) => {
  const { exitCode, verdict, scenario } = await play(context, shop({ replicas: 2 }), "edge-restart");
  assert.deepEqual([exitCode, scenario.verdict, verdict.requests.failed], [0, "held", 0]);
});

test("an image that is none is refused before anything runs", async () => {
  const { exitCode, stderr } = await seaworthy(["trial", "--bad-image", "no image", "shop.yaml"]);
  assert.equal(exitCode, 2);
  assert.match(stderr, /--bad-image "no image" names no image/);
});

for (const [edge, more, message] of [
  [
    "controller",
    ["--kubeconfig", "none", "--url", "http://127.0.0.1"],
    /--edge "controller" names no workload/,
  ],
  ["ingress-nginx/controller", [], /--edge goes with --kubeconfig/],
] as const)
  test(`--edge ${edge}${more.length === 0 ? " without a cluster" : ""} is refused before anything runs`, async () => {
    const { exitCode, stderr } = await seaworthy(["trial", "--edge", edge, ...more, "shop.yaml"]);
    assert.equal(exitCode, 2);
    assert.match(stderr, message);
  });
