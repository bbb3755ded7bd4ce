import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startUp } from "./start-up.ts";

const lacks: Readonly<Record<string, RegExp>> = {
  shim: /^! pods cannot reach these Services, .*: Service api, Service web$/,
  relay: /^! pods reach nothing outside but the API server, .*: Deployment api, Deployment web$/,
};

for (const [runtime, expected] of Object.entries(lacks))
  test(
    `with the runtime ${runtime}, what parts of a system will miss is told before they are applied, and the Ingress answers`,
    { skip: runtime !== "shim" && process.platform !== "linux" && "Linux only", timeout: 60_000 },
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "lesser-machine-"));
      await using resources = new AsyncDisposableStack();
      resources.defer(() => rm(folder, { recursive: true }));
      const file = join(folder, "system.json");
      await writeFile(
        file,
        JSON.stringify({ apiVersion: "v1", kind: "List", items: [...["api", "web"].flatMap(part), ingress] }),
      );
      process.env["SEAWORTHY_RUNTIME"] = runtime;
      const system = resources.use(await startUp(file));
      const line = (pattern: RegExp) => system.told.findIndex((each) => pattern.test(each));
      assert.ok(line(expected) >= 0, system.told.join("\n"));
      assert.ok(line(expected) < line(/^ {2}ready in /));
      // Before pods of the shim had addresses that may be endpoints, nothing led to them.
      assert.equal((await fetch(await system.url(/Ingress/))).status, 200);
    },
  );

const ingress = {
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name: "web" },
  spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } },
};

function part(name: string): object[] {
  const labels = { app: name };
  const ports = [{ containerPort: 8080 }];
  const template = {
    metadata: { labels },
    spec: { containers: [{ name, image: `example/${name}`, ports }] },
  };
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name },
      spec: { selector: { matchLabels: labels }, template },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name },
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    },
  ];
}
