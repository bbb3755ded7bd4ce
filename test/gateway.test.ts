import assert from "node:assert/strict";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { seaworthy } from "./seaworthy-command.ts";

const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: edge
spec:
  gatewayClassName: envoy
  listeners:
    - name: http
      port: 80
      protocol: HTTP
      hostname: "*.localhost"
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: httpserver
spec:
  parentRefs:
    - name: edge
  hostnames: [httpserver.localhost]
  rules:
    - backendRefs:
        - name: httpserver
          port: 80
`;

test("a trial goes through a Gateway whose kinds nobody has defined, and loses nothing", async () => {
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "gateway-test-"));
  resources.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  await cp("apps/httpserver/k8s", folder, { recursive: true });
  await rm(join(folder, "ingress.yaml"));
  await rm(join(folder, "kustomization.yaml"), { force: true });
  await writeFile(join(folder, "gateway.yaml"), gateway);
  const run = `seaworthy.dev/httpserver:0.1.0=node ${resolve("apps/httpserver/src/main.mjs")}`;
  const flags = ["--rounds", "1", "--rate", "40", "--path", "/", "--profile", "envoy", "--output", "json"];
  const { stdout, stderr } = await seaworthy(["trial", folder, "--run", run].concat(flags));
  assert.ok(stdout.startsWith("{"), stderr);
  const verdict = JSON.parse(stdout) as {
    readonly targets: readonly { readonly name: string; readonly url: string }[];
    readonly requests: { readonly ok: number; readonly failed: number };
  };
  assert.match(verdict.targets.find(({ name }) => name === "ingress")?.url ?? "", /httpserver\.localhost/);
  assert.ok(verdict.requests.ok > 0);
  assert.equal(verdict.requests.failed, 0, stderr);
  assert.match(stderr, /the Gateway API is served here/);
});
