import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { selfSigned } from "@seaworthy/certificates";
import { seaworthy } from "./seaworthy-command.ts";
import { shopManifest } from "./shop-manifest.ts";

test("a trial sends HTTPS where the host has TLS, and handshakes lose nothing", async () => {
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "ingress-tls-test-"));
  resources.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  await cp("apps/httpserver/k8s", folder, { recursive: true });
  const file = join(folder, "ingress.yaml");
  const ingress = await readFile(file, "utf8");
  await writeFile(file, ingress.replace("  rules:", "  tls:\n    - hosts: [httpserver.localhost]\n  rules:"));
  const run = `seaworthy.dev/httpserver:0.1.0=node ${resolve("apps/httpserver/src/main.mjs")}`;
  const { stdout, stderr } = await seaworthy([
    "trial",
    folder,
    "--run",
    run,
    "--rounds",
    "1",
    "--rate",
    "40",
    "--path",
    "/",
    "--output",
    "json",
  ]);
  assert.ok(stdout.startsWith("{"), stderr);
  const verdict = JSON.parse(stdout) as {
    readonly targets: readonly { readonly name: string; readonly url: string }[];
    readonly requests: { readonly ok: number; readonly failed: number };
  };
  const edge = verdict.targets.find(({ name }) => name === "ingress");
  assert.match(edge?.url ?? "", /^https:.*certificate not checked/);
  assert.ok(verdict.requests.ok > 0);
  assert.equal(verdict.requests.failed, 0, stderr);
});

test("up prints where an Ingress with TLS answers, and its Secret's certificate is shown there", async () => {
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "ingress-tls-test-"));
  resources.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const { cert, key } = selfSigned();
  const backend = { service: { name: "web", port: { number: 80 } } };
  const objects = [
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "web-tls" },
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": cert, "tls.key": key },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web" },
      spec: { selector: { app: "shop" }, ports: [{ port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name: "web" },
      spec: {
        tls: [{ hosts: ["localhost"], secretName: "web-tls" }],
        rules: [{ host: "localhost", http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
      },
    },
  ];
  // JSON is YAML, too.
  const app = [shopManifest, ...objects.map((object) => JSON.stringify(object))].join("\n---\n");
  await writeFile(join(folder, "app.yaml"), app);
  const child = spawn(process.execPath, [resolve("packages/cli/src/main.mjs"), "up", "app.yaml"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  resources.defer(async () => {
    child.kill("SIGTERM");
    await exited;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = /https:\/\/\S+/.exec(line) ?? [];
    if (url === undefined) continue;
    const [response] = await once(request(url, { ca: cert, agent: false }).end(), "response");
    response.resume();
    assert.equal(response.statusCode, 200);
    return;
  }
  assert.fail("no URL was printed");
});
