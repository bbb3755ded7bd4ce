import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { verdictOf } from "./verdict-of.ts";

test("an app that blocks while its pod is told to end is told as such, and not as one whose port was closed", async (context) => {
  const folder = await busyApp(context);
  const { verdict } = await verdictOf(folder, "--scenario", "rollout", "--rounds", "1", "--rate", "60");
  const timeouts = verdict.failures.filter((failure) => failure.class === "connect-timeout");
  assert.notEqual(timeouts.length, 0);
  for (const failure of timeouts)
    assert.deepEqual(
      [failure.cause, failure.sinceDeletionMs],
      ["app-not-keeping-up", null],
      JSON.stringify(failure),
    );
});

/** Two pods that, once they are told to end, serve nobody for longer than a client tries to connect, with their ports open. */
async function busyApp(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "app.yaml"), manifests);
  await writeFile(join(folder, "shop.mjs"), server);
  await writeFile(join(folder, "seaworthy.yaml"), "run: { registry.example/shop: node shop.mjs }\n");
  return folder;
}

const server = `import { createServer } from "node:http";
const server = createServer((_, response) => response.end("ok\\n"));
server.listen({ port: 8080, backlog: 1 });
process.on("SIGTERM", () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 8_000);
  server.close(() => process.exit(0));
});
`;

const manifests = `apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers:
        - name: shop
          image: registry.example/shop:1
          ports: [{ containerPort: 8080 }]
          readinessProbe: { httpGet: { path: /, port: 8080 }, periodSeconds: 1 }
---
apiVersion: v1
kind: Service
metadata: { name: shop }
spec: { selector: { app: shop }, ports: [{ port: 80, targetPort: 8080 }] }
`;
