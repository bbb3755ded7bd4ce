import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { formatNotice, SeaworthyError } from "@seaworthy/errors";
import type { RunTool } from "./run-tool.ts";
import { readManifests, type ReadManifestsOptions } from "./read-manifests.ts";

const app = (name: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: app, image: "${name}:1", ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80, targetPort: 8080}]}
`;

const custom = (apiVersion: string, kind: string, name: string) =>
  `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: {anything: [1]}\n`;

/** What a call gives: the names of the objects, the lines of the notices, or the codes of the errors. */
interface Told {
  readonly names: string[];
  readonly notices: string[];
  readonly errors: SeaworthyError[];
  /** The calls of tools, as they would be typed. */
  readonly calls: string[];
}

/** Which tools are there, and what they print: by the start of the command line. */
type Tools = Readonly<Record<string, string | { readonly fails: string }>>;

async function read(
  context: TestContext,
  files: Readonly<Record<string, string>>,
  paths: readonly string[],
  over: Partial<ReadManifestsOptions> & { readonly tools?: Tools } = {},
): Promise<Told> {
  const cwd = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rm(cwd, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), text);
  }
  const calls: string[] = [];
  const runTool: RunTool = async (tool, args) => {
    const call = [tool, ...args].join(" ");
    calls.push(call);
    const answer = over.tools?.[tool];
    if (answer === undefined) return undefined;
    if (typeof answer === "string") return { exitCode: 0, stdout: answer, stderr: "" };
    return { exitCode: 1, stdout: "", stderr: answer.fails };
  };
  const stdin = async () => assert.fail("nobody asked for stdin");
  try {
    const set = await readManifests(paths, {
      cwd,
      command: "trial",
      allowCustomKinds: false,
      stdin,
      runTool,
      ...over,
    });
    const names = set.manifests.map(({ object }) => `${object.kind} ${object.metadata.name}`);
    return {
      names,
      notices: set.notices.map((each) => formatNotice(each, { all: true })),
      errors: [],
      calls,
    };
  } catch (error) {
    const errors = (error instanceof AggregateError ? error.errors : [error]) as SeaworthyError[];
    for (const each of errors) if (!(each instanceof SeaworthyError)) throw each;
    return { names: [], notices: [], errors, calls };
  }
}

function only({ errors }: Told): { code: string; message: string; next: readonly string[]; place: string } {
  assert.equal(errors.length, 1, errors.map((error) => error.message).join("\n"));
  const [{ code, message, details }] = errors as [SeaworthyError];
  return { code, message, next: details.next ?? [], place: `${details.place?.file}:${details.place?.line}` };
}

test("custom kinds are left out with one notice, and kept for a cluster that may serve them", async (context) => {
  const files = {
    "k8s/app.yaml": app("shop") + custom("cert-manager.io/v1", "Certificate", "shop"),
    "k8s/more.yaml":
      custom("monitoring.coreos.com/v1", "ServiceMonitor", "shop") +
      custom("traefik.io/v1alpha1", "IngressRoute", "shop-route") +
      custom("gateway.networking.k8s.io/v1", "HTTPRoute", "shop-route"),
  };
  const embedded = await read(context, files, ["k8s"]);
  // The embedded cluster serves the Gateway API.
  assert.deepEqual(embedded.names, ["Deployment shop", "Service shop", "HTTPRoute shop-route"]);
  assert.deepEqual(embedded.notices, [
    "left out, because only a cluster with their CustomResourceDefinitions knows these custom kinds: " +
      "Certificate shop, ServiceMonitor shop, IngressRoute shop-route",
  ]);
  const real = await read(context, files, ["k8s"], { allowCustomKinds: true });
  assert.equal(real.names.length, 6);
  assert.deepEqual(real.notices, []);
});

test("a Service of Knative is no Service, and the pods of a Rollout can be selected", async (context) => {
  const rollout = `---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: canary}
spec: {template: {metadata: {labels: {app: canary}}}}
---
apiVersion: v1
kind: Service
metadata: {name: canary}
spec: {selector: {app: canary}, ports: [{port: 80}]}
`;
  const text = app("shop") + custom("serving.knative.dev/v1", "Service", "fn") + rollout;
  for (const allowCustomKinds of [true, false]) {
    const told = await read(context, { "a.yaml": text }, ["a.yaml"], { allowCustomKinds });
    assert.deepEqual(told.errors, []);
  }
});

test("pods that an operator makes for an object of the Service's name are not missed", async (context) => {
  const service = `---\napiVersion: v1\nkind: Service\nmetadata: {name: metrics}\nspec: {selector: {prometheus: main}, ports: [{port: 9090}]}\n`;
  const prometheus = custom("monitoring.coreos.com/v1", "Prometheus", "main");
  // It is the selector that names the object.
  const told = await read(context, { "a.yaml": app("shop") + service + prometheus }, ["."], {
    allowCustomKinds: true,
  });
  assert.deepEqual(told.errors, []);
  const alone = only(await read(context, { "a.yaml": app("shop") + service }, ["."]));
  assert.equal(alone.code, "SW1201");
});

test("hooks that run and pass are left out, a hook's configuration stays", async (context) => {
  const hooked = (kind: string, name: string, hook: string, key = "helm.sh/hook") =>
    `---\napiVersion: ${kind === "Job" ? "batch/v1" : "v1"}\nkind: ${kind}\nmetadata: {name: ${name}, annotations: {${key}: "${hook}"}}\n` +
    (kind === "Pod" ? "spec: {containers: [{name: t, image: t}]}\n" : "") +
    (kind === "Job"
      ? "spec: {template: {spec: {restartPolicy: Never, containers: [{name: t, image: t}]}}}\n"
      : "");
  const text =
    app("shop") +
    hooked("Pod", "test-connection", "test") +
    hooked("Job", "migrate", "pre-install,pre-upgrade") +
    hooked("ConfigMap", "settings", "pre-install, pre-upgrade") +
    hooked("ConfigMap", "test-script", "test-success") +
    hooked("Job", "sync", "PreSync", "argocd.argoproj.io/hook") +
    hooked("ConfigMap", "kpt", "true", "config.kubernetes.io/local-config");
  const told = await read(context, { "a.yaml": text }, ["."]);
  assert.deepEqual(told.names, ["Deployment shop", "Service shop", "ConfigMap settings"]);
  assert.equal(told.notices.length, 3);
  assert.match(told.notices[0] ?? "", /helm.*: Pod test-connection, Job migrate, ConfigMap test-script$/);
  assert.match(told.notices[1] ?? "", /Argo CD.*: Job sync$/);
});

test("a folder with a kustomization is what kubectl kustomize prints, with places in that text", async (context) => {
  for (const file of ["kustomization.yaml", "kustomization.yml", "Kustomization"]) {
    const files = { [`k8s/${file}`]: "resources: [app.yaml]\n", "k8s/app.yaml": "broken: [" };
    const good = await read(context, files, ["k8s"], { tools: { kubectl: app("shop") } });
    assert.deepEqual(
      [good.names, good.calls],
      [["Deployment shop", "Service shop"], ["kubectl kustomize k8s"]],
    );
  }
  const wrong = app("shop").replace("kind: Service", "kind: Servise");
  const told = await read(context, { "kustomization.yaml": "" }, ["."], { tools: { kubectl: wrong } });
  assert.deepEqual([only(told).code, only(told).place], ["SW1104", "kubectl kustomize .:11"]);
});

test("kustomize is called where kubectl is not installed, and a kustomization file may be named itself", async (context) => {
  const files = { "over/prod/kustomization.yaml": "resources: []\n" };
  const told = await read(context, files, ["over/prod/kustomization.yaml"], {
    tools: { kustomize: app("shop") },
  });
  assert.deepEqual(told.calls, ["kubectl kustomize over/prod", "kustomize build over/prod"]);
  assert.equal(told.names.length, 2);
});

test("without the tool, one error with the command that does it", async (context) => {
  const overlay = only(await read(context, { "k8s/kustomization.yaml": "" }, ["k8s"]));
  assert.equal(overlay.code, "SW1006");
  assert.equal(overlay.next[0], "kubectl kustomize k8s | seaworthy trial -");
  const files = { "charts/shop/Chart.yaml": "name: shop\n", "charts/shop/templates/app.yaml": "{{ broken" };
  const chart = only(await read(context, files, ["charts/shop"], { command: "up" }));
  assert.equal(chart.code, "SW1006");
  assert.equal(chart.next[0], "helm template shop charts/shop | seaworthy up -");
});

test("a command that is proposed can be typed as it stands, whatever the folder is called", async (context) => {
  const overlay = only(await read(context, { "my app/it's/kustomization.yaml": "" }, ["my app/it's"]));
  assert.equal(overlay.next[0], String.raw`kubectl kustomize 'my app/it'\''s' | seaworthy trial -`);
});

test("a tool that fails is told with its own words", async (context) => {
  const told = await read(context, { "Chart.yaml": "name: shop\n" }, ["."], {
    tools: { helm: { fails: "Error: missing in charts/ directory: redis\n" } },
  });
  assert.equal(only(told).code, "SW1008");
  assert.deepEqual(told.errors[0]?.details.seen, ["Error: missing in charts/ directory: redis"]);
});

test("of a base and its one overlay below a folder, the overlay is taken, and said to be", async (context) => {
  const files = {
    "k8s/base/kustomization.yaml": "resources:\n- app.yaml\n",
    "k8s/base/app.yaml": app("shop"),
    "k8s/overlays/prod/kustomization.yaml": "resources:\n- ../../base\npatches:\n- path: ../replicas.yaml\n",
    "k8s/overlays/replicas.yaml":
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {replicas: 4}\n",
  };
  const told = await read(context, files, ["k8s"], { tools: { kubectl: app("shop") } });
  assert.deepEqual(told.calls, ["kubectl kustomize k8s/overlays/prod"]);
  assert.deepEqual(told.notices, ["the manifests are those of `kubectl kustomize k8s/overlays/prod`"]);
});

test("who names a base means the base, whatever builds on it below", async (context) => {
  const files = {
    "k8s/kustomization.yaml": "resources: [app.yaml]\n",
    "k8s/app.yaml": app("shop"),
    "k8s/overlays/prod/kustomization.yaml": "resources: [../..]\n",
  };
  const told = await read(context, files, ["k8s"], { tools: { kubectl: app("shop") } });
  assert.deepEqual([told.calls, told.notices], [["kubectl kustomize k8s"], []]);
});

test("a shell's *.yaml names the settings among the manifests", async (context) => {
  const files = { "app.yaml": app("shop"), "seaworthy.yaml": "trial: { rate: 100 }\n" };
  const told = await read(context, files, ["app.yaml", "seaworthy.yaml"]);
  assert.deepEqual(told.names, ["Deployment shop", "Service shop"]);
});

test("several sets in one folder: which ones there are, and how to choose", async (context) => {
  const files = {
    "k8s/base/kustomization.yaml": "resources: [app.yaml]\n",
    "k8s/base/app.yaml": app("shop"),
    "k8s/overlays/dev/kustomization.yaml": "resources: [../../base]\n",
    "k8s/overlays/prod/kustomization.yaml":
      "resources: [../../base]\nconfigMapGenerator: [{name: a, files: [a=x.yaml]}]\n",
    "k8s/overlays/prod/x.yaml": "a: 1\n",
  };
  const two = only(await read(context, files, ["k8s"]));
  assert.equal(two.code, "SW1007");
  assert.deepEqual(two.next, ["seaworthy trial k8s/overlays/dev", "seaworthy trial k8s/overlays/prod"]);
  const mixed = only(
    await read(
      context,
      { "app.yaml": app("shop"), "ci.yml": "on: push\n", "chart/Chart.yaml": "name: chart\n" },
      ["."],
      { command: "up" },
    ),
  );
  assert.equal(mixed.code, "SW1007");
  assert.deepEqual(mixed.next, ["seaworthy up chart", "seaworthy up app.yaml"]);
});

test("files beside a chart that are not for Kubernetes do not make a choice necessary", async (context) => {
  const files = {
    "ci.yml": "on: push\n",
    "compose.yaml": "services: {}\n",
    "chart/Chart.yaml": "name: chart\n",
  };
  const told = await read(context, files, ["."], { tools: { helm: app("shop") } });
  assert.deepEqual(told.calls, ["helm template chart chart"]);
});

test("programs and templates are told by the tool that they are meant for", async (context) => {
  const cases: readonly [file: string, text: string, next: string][] = [
    ["env/main.jsonnet", "{}", "jsonnet -y env/main.jsonnet | seaworthy trial -"],
    ["env/app.cue", "package app", "cue export ./env --out yaml | seaworthy trial -"],
    [
      "shop/templates/app.yaml",
      app("shop").replace("name: shop", "name: {{ .Release.Name }}"),
      "seaworthy trial shop",
    ],
    [
      "app.yaml",
      `{{- if .Values.on }}\n${app("shop")}{{- end }}\n`,
      "helm template NAME CHART | seaworthy trial -",
    ],
    [
      "app.yaml",
      app("shop").replace('"shop:1"', '"{{ .Values.image }}"'),
      "helm template NAME CHART | seaworthy trial -",
    ],
    [
      "app.yaml",
      app("shop").replace("apps/v1", "apps/${VERSION}"),
      "envsubst < app.yaml | seaworthy trial -",
    ],
    [
      "app.yaml",
      app("shop").replace('"shop:1"', '"registry/shop:${TAG}"'),
      "envsubst < app.yaml | seaworthy trial -",
    ],
  ];
  for (const [file, text, next] of cases) {
    for (const path of [file, "."]) {
      const told = only(await read(context, { [file]: text }, [path]));
      assert.deepEqual([told.code, told.next[0]], ["SW1006", next], `${path}: ${file}`);
    }
  }
});

test("braces in a ConfigMap, an annotation or a command are nobody's template", async (context) => {
  const text = `${app("shop")}---
apiVersion: v1
kind: ConfigMap
metadata: {name: alerts, annotations: {vault.hashicorp.com/agent-inject-template-a: "{{- with secret -}}"}}
data:
  rules: |
    summary: {{ $labels.instance }} is down
`;
  assert.deepEqual((await read(context, { "a.yaml": text }, ["."])).errors, []);
});

test("braces in a text do not hide a fault of the YAML elsewhere", async (context) => {
  const alerts = `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: alerts}\ndata:\n  rules: |\n    summary: {{ $labels.instance }} is down\n`;
  const broken = `${app("shop")}${alerts}---\n\n\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: [}\n`;
  const told = only(await read(context, { "a.yaml": broken }, ["."]));
  assert.equal(told.code, "SW1101");
});

test("- is stdin, with places in it, also beside other paths", async (context) => {
  const stdin = async () => app("shop").replace("kind: Service", "kind: Servise");
  assert.equal(only(await read(context, {}, ["-"], { stdin })).place, "<stdin>:11");
  const both = await read(context, { "a.yaml": app("cart") }, ["-", "a.yaml"], {
    stdin: async () => app("shop"),
  });
  assert.equal(both.names.length, 4);
});

test("up needs no Deployment, a trial does", async (context) => {
  const text = `apiVersion: v1
kind: Pod
metadata: {name: one, labels: {app: one}}
spec: {containers: [{name: app, image: one}]}
`;
  assert.equal(only(await read(context, { "a.yaml": text }, ["."])).code, "SW1203");
  assert.deepEqual((await read(context, { "a.yaml": text }, ["."], { command: "up" })).names, ["Pod one"]);
});

test("a path that is given twice is read once", async (context) => {
  const told = await read(context, { "k8s/a.yaml": app("shop") }, ["k8s", "k8s/", "k8s/a.yaml"]);
  assert.equal(told.names.length, 2);
});
