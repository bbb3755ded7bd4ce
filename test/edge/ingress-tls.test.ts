import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { selfSigned } from "@seaworthy/certificates";
import { startClusterCommand } from "../seaworthy-command.ts";
import { shopManifest } from "../shop-manifest.ts";
import { startCommand } from "../start-command.ts";
import { addTls, httpserverRun, tryHttpserver } from "./try-httpserver.ts";

test("a trial sends HTTPS where the host has TLS, and handshakes lose nothing", async () => {
  const { url } = await tryHttpserver(addTls, "--run", httpserverRun);
  assert.match(url, /^https:.*certificate not checked/);
});

test("on a cluster that is there already the load goes to the HTTPS that the edge redirects to", async () => {
  await using cluster = await startClusterCommand(["--profile", "ingress-nginx", "--run", httpserverRun]);
  const flags = ["--kubeconfig", cluster.kubeconfig, "--url", cluster.ingressUrl];
  const { url, stderr } = await tryHttpserver(addTls, ...flags);
  assert.ok(url.startsWith(cluster.ingressTlsUrl), url);
  assert.match(stderr, /redirects to HTTPS, so the load goes to https:/);
  assert.match(stderr, /not one that this machine trusts, and is not checked/);
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
  await using up = startCommand(["up", "app.yaml"], { cwd: folder });
  const [url] = await up.stdout.match(/https:\/\/\S+/);
  const [response] = await once(request(url, { ca: cert, agent: false }).end(), "response");
  response.resume();
  assert.equal(response.statusCode, 200);
});
