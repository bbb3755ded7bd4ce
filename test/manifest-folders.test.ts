import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { test, type TestContext } from "node:test";
import { shopManifest } from "./shop-manifest.ts";

// What people's folders hold, as a user tries it: the command, its output, its end.

/** Beside the app: what the embedded cluster does not run or does not know, several of some. */
const beside = `---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: db:1, ports: [{containerPort: 5432}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: m, image: m:1}]}}}
${["a", "b", "c", "d", "e", "f", "g"].map((name) => `---\napiVersion: resource.k8s.io/v1\nkind: DeviceClass\nmetadata: {name: robot-${name}}\nspec: {}\n`).join("")}---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: shop}
spec: {secretName: shop-tls}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: shop}
spec: {}
`;

function folderWith(context: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A program of that name which prints a file when it is called with just these words. */
function fakeTool(folder: string, name: string, words: string, file: string): string {
  const path = join(folder, "bin", name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `#!/bin/sh\n[ "$*" = "${words}" ] || { echo "called with $*" >&2; exit 9; }\nexec cat ${file}\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

interface Running {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  /** Resolves when stderr has the text. */
  has(text: string): Promise<void>;
  /** Ends it as Ctrl-C does, and gives the exit code. */
  interrupt(): Promise<number | null>;
  readonly ended: Promise<number | null>;
}

function start(
  context: TestContext,
  cwd: string,
  args: readonly string[],
  { env = {}, stdin }: { readonly env?: Record<string, string>; readonly stdin?: string } = {},
): Running {
  const child = spawn(process.execPath, [resolve("packages/cli/src/main.mjs"), ...args], {
    cwd,
    env: { ...process.env, CI: "1", NO_COLOR: "1", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  context.after(() => child.kill("SIGKILL"));
  const output = { stdout: "", stderr: "" };
  child.stdin.end(stdin ?? "");
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const ended = once(child, "close").then(([code]) => code as number | null);
  return {
    child,
    output,
    ended,
    async has(text) {
      const seen = async () => {
        while (!output.stderr.includes(text)) await once(child.stderr, "data");
      };
      const over = ended.then((code) => assert.fail(`ended with ${code}\n${output.stderr}`));
      await Promise.race([seen(), over]);
    },
    async interrupt() {
      child.kill("SIGINT");
      return await ended;
    },
  };
}

/** What is told of the files; what a machine does not give to pods is told as well, and differs from machine to machine. */
const notices = (text: string) =>
  text.split("\n").filter((line) => line.startsWith("! ") && !/, because pods have no network/.test(line));

test("up renders a chart with helm, and says once for each kind of thing what is left out", async (context) => {
  const folder = folderWith(context, {
    "shop/Chart.yaml": "name: shop\n",
    "shop/templates/app.yaml": "{{ not yaml",
    "rendered.yaml": shopManifest + beside,
  });
  fakeTool(folder, "helm", "template shop shop", join(folder, "rendered.yaml"));
  const env = { PATH: join(folder, "bin") + delimiter + (process.env["PATH"] ?? "") };
  const up = start(context, folder, ["up", "shop"], { env });
  await up.has("Ctrl-C ends it");
  assert.equal(await up.interrupt(), 0);
  const told = notices(up.output.stderr);
  assert.deepEqual(told.slice(0, -1), [
    "! left out, because only a cluster with their CustomResourceDefinitions knows these custom kinds: Certificate shop, ServiceMonitor shop",
    "! stored only, because nothing in this cluster acts upon resource.k8s.io/v1 DeviceClass: robot-a, robot-b, robot-c, robot-d and 3 more",
    "! left out, because it does not speak HTTP/1.1: Service db:5432",
  ]);
  const [, images = ""] = /^! run as stand-ins \(.*\): (.*)$/.exec(told.at(-1) ?? "") ?? [];
  assert.deepEqual(images.split(", ").toSorted(), ["db:1", "shop:1"]);
});

test("up applies a CustomResourceDefinition first, then the objects of its kind, and leaves out those of unknown kinds", async (context) => {
  const folder = folderWith(context, {
    "k8s/a-boat.yaml": `apiVersion: sea.example/v1\nkind: Boat\nmetadata: {name: a}\nspec: {size: 3}\n`,
    "k8s/app.yaml": `${shopManifest}---\napiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: shop}\nspec: {}\n`,
    "k8s/z-definition.yaml": `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.sea.example}
spec:
  group: sea.example
  scope: Namespaced
  names: {plural: boats, kind: Boat}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer, maximum: 5}}}}}}
`,
  });
  const up = start(context, folder, ["up", "k8s"]);
  await up.has("Ctrl-C ends it");
  assert.equal(await up.interrupt(), 0);
  const told = notices(up.output.stderr);
  assert.deepEqual(told.slice(0, 2), [
    "! left out, because only a cluster with their CustomResourceDefinitions knows these custom kinds: Certificate shop",
    "! stored only, because nothing in this cluster acts upon sea.example/v1 Boat: a",
  ]);
  writeFileSync(
    join(folder, "k8s/a-boat.yaml"),
    "apiVersion: sea.example/v1\nkind: Boat\nmetadata: {name: a}\nspec: {size: 9}\n",
  );
  const refused = start(context, folder, ["up", "k8s"]);
  assert.equal(await refused.ended, 2);
  assert.match(
    refused.output.stderr,
    /spec.size in body should be less than or equal to 5[^]*a-boat\.yaml:4:14/,
  );
});

test("a trial of the one overlay below a folder, rendered by the kubectl that KUBECTL names, with all names", async (context) => {
  const folder = folderWith(context, {
    "k8s/base/kustomization.yaml": "resources: [app.yaml]\n",
    "k8s/base/app.yaml": "not: applied\n",
    "k8s/overlays/prod/kustomization.yaml": "resources: [../../base]\n",
    "rendered.yaml": shopManifest + beside,
  });
  const kubectl = fakeTool(
    folder,
    "my-kubectl",
    "kustomize k8s/overlays/prod",
    join(folder, "rendered.yaml"),
  );
  const args = ["trial", "k8s", "--rounds", "1", "--rate", "50", "--output", "json", "--verbose"];
  const trial = start(context, folder, args, { env: { KUBECTL: kubectl } });
  await trial.ended;
  const { notices: told, causes } = JSON.parse(trial.output.stdout) as {
    notices: string[];
    causes: { cause: string; advice: { place?: string } }[];
  };
  assert.equal(told[0], "the manifests are those of `kubectl kustomize k8s/overlays/prod`");
  assert.ok(
    told.some((line) => line.endsWith("robot-e, robot-f, robot-g")),
    told.join("\n"),
  );
  assert.ok(notices(trial.output.stderr).some((line) => line.endsWith("robot-e, robot-f, robot-g")));
  // What the machine did has no place in a file.
  for (const { advice } of causes.filter(({ cause }) => cause !== "machine-crowded"))
    assert.match(advice.place ?? "", /^kubectl kustomize k8s\/overlays\/prod:\d+$/);
});

test("up takes a StatefulSet and a Job from stdin, runs a Pod, and needs no Deployment", async (context) => {
  const pod = `---\napiVersion: v1\nkind: Pod\nmetadata: {name: alone, labels: {app: alone}}\nspec: {containers: [{name: app, image: alone:1, ports: [{containerPort: 8080}]}]}\n`;
  const folder = folderWith(context, {});
  const up = start(context, folder, ["up", "-"], { stdin: pod + beside });
  await up.has("Ctrl-C ends it");
  assert.equal(await up.interrupt(), 0);
  assert.match(up.output.stderr, /run as stand-ins .*: (alone:1, db:1|db:1, alone:1)$/m);
  const nothing = start(context, folder, ["up", "-"], {
    stdin: beside.slice(beside.indexOf("apiVersion: batch/v1")),
  });
  await nothing.has("Ctrl-C ends it");
  assert.match(nothing.output.stderr, /^! nothing of this is waited for/m);
  assert.equal(await nothing.interrupt(), 0);
});

test("up makes a PriorityClass that is not among the files, without which no pod would be taken", async (context) => {
  const pod = (name: string, priority: string) =>
    `---\napiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {priorityClassName: ${priority}, containers: [{name: app, image: app:1}]}\n`;
  const stdin = pod("system", "system-node-critical") + pod("important", "important");
  const up = start(context, folderWith(context, {}), ["up", "-"], { stdin });
  await up.has("Ctrl-C ends it");
  assert.equal(await up.interrupt(), 0);
  assert.match(
    up.output.stderr,
    /^! PriorityClasses that are not there, so that they are made here .*: important$/m,
  );
});

test("what fits on no node is said at once, and --keep leaves the cluster for a look", async (context) => {
  const selector = "    spec:\n      nodeSelector:\n        disktype: ssd\n      containers:";
  const manifest = shopManifest.replace("    spec:\n      containers:", selector);
  const folder = folderWith(context, { "app.yaml": manifest });
  const trial = start(context, folder, ["trial", "app.yaml", "--keep", "--timeout", "50"]);
  await trial.has("Ctrl-C ends it");
  const { stderr } = trial.output;
  assert.match(stderr, /error\[SW4002\]: .* nodeSelector asks for disktype=ssd/);
  assert.match(stderr, /app\.yaml:\d+:\d+ .*spec\.template\.spec\.nodeSelector\.disktype/);
  assert.match(stderr, /PodScheduled is False: Unschedulable/);
  assert.doesNotMatch(stderr, /kubectl describe|Affinity:|preferredDuring/);
  const report = JSON.parse(readFileSync(join(folder, "seaworthy-report.json"), "utf8")) as {
    errors: { code: string; seen: string[] }[];
  };
  assert.equal(report.errors[0]?.code, "SW4002");
  assert.ok(report.errors[0].seen.some((line) => line.includes("PodScheduled is False")));
  const [, kubeconfig = ""] = /export KUBECONFIG=(\S+)/.exec(stderr) ?? [];
  assert.ok(existsSync(kubeconfig), kubeconfig);
  assert.equal(await trial.interrupt(), 1);
  assert.ok(!existsSync(kubeconfig));
});
