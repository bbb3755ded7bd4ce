import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { test, type TestContext } from "node:test";
import { parseSettings } from "@seaworthy/app";
import { podTemplateOf, type Manifest } from "@seaworthy/kube";
import type { CommandContext, FlagValues } from "../command.ts";
import { readApp, type App, type AppReading } from "./read-app.ts";

/** A Deployment and its Service. */
const shop = (image: string, more = "") => `apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      ${more}
      containers: [{ name: shop, image: "${image}" }]
---
apiVersion: v1
kind: Service
metadata: { name: shop }
spec: { selector: { app: shop }, ports: [{ port: 80 }] }
`;
const custom = "---\napiVersion: shop.example/v1\nkind: Till\nmetadata: { name: till }\n";

/** Reads an app in a folder with these files. */
async function reading(context: TestContext, files: Readonly<Record<string, string>>) {
  const cwd = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rm(cwd, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) await writeFile(join(cwd, file), text);
  const command: CommandContext = {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env: {},
    cwd,
    signal: new AbortController().signal,
  };
  return async (flags: FlagValues, known?: AppReading["known"]) =>
    await readApp({ args: ["now.yaml"], flags }, command, {
      command: "trial",
      ...(known === undefined ? {} : { known }),
    });
}

const kindsOf = ({ manifests }: App) => manifests.map(({ object }) => object.kind);

const imageOf = ([first]: readonly Manifest[]) => podTemplateOf(first!.object)?.spec?.containers[0]?.image;

test("settings say what users ask, a flag goes before them, and the next version stands beside", async (context) => {
  const app = await reading(context, {
    "now.yaml": shop("shop:1"),
    "next.yaml": shop("shop:2"),
    "seaworthy.yaml": "trial: { host: shop.example, path: /till, rate: 7 }\n",
  });
  const read = await app({ path: "/cart", to: ["next.yaml"] });
  assert.deepEqual([read.host, read.path, read.settings.trial.rate], ["shop.example", "/cart", 7]);
  assert.deepEqual([imageOf(read.manifests), imageOf(read.next!)], ["shop:1", "shop:2"]);
  assert.deepEqual(
    read.sources.map(({ name }) => name),
    ["now.yaml"],
  );
});

test("what was read before is taken in place of what is there", async (context) => {
  const app = await reading(context, { "now.yaml": "not: [good", "seaworthy.yaml": "not: [good" });
  const settings = parseSettings("trial: { path: /till }", "seaworthy.yaml", "/");
  const sources = [{ name: "now.yaml", text: shop("shop:mended"), isNamed: true }];
  const read = await app({}, { settings, sources });
  assert.deepEqual([imageOf(read.manifests), read.path], ["shop:mended", "/till"]);
});

test("what an app, or its next version, asks of this machine has to be allowed, and is told", async (context) => {
  const host = shop("shop:2", "hostNetwork: true");
  const app = await reading(context, { "now.yaml": shop("shop:1"), "next.yaml": host });
  await assert.rejects(app({ to: ["next.yaml"] }), { code: "SW1301" });
  const { notices } = await app({ to: ["next.yaml"], "allow-host": true });
  assert.match(
    notices.map(({ text }) => text).join("\n"),
    /use this machine itself: hostNetwork \(next\.yaml/,
  );
});

test("a cluster that is somebody's decides what it runs and which kinds it knows", async (context) => {
  const text = shop("shop:1", "hostNetwork: true") + custom;
  const app = await reading(context, { "now.yaml": text });
  assert.deepEqual(kindsOf(await app({ context: "prod" })), ["Deployment", "Service", "Till"]);
  assert.deepEqual(kindsOf(await app({ "allow-host": true })), ["Deployment", "Service"]);
});
