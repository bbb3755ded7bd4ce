import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { seaworthy } from "./seaworthy-command.ts";
import { smallServices } from "./small-services.ts";

/** What is left out of the eleven, each kind of thing once: of gRPC the stand-ins, which speak nothing. */
const leftOut = [
  /^left out, because gRPC .*: Service cart:9555.*, Service ads:9555.*, Service email:9555/,
  /^left out, because only TCP is tried: Service names:53$/,
  /^left out, because nothing is sent outside the cluster: Service blog$/,
  /^left out, because it does not speak HTTP\/1\.1: Service queue:7000.*, Service streams:7100.*, Service store:6379/,
];

test("a trial of eleven small Services judges the two that speak HTTP, each by what it answers", async (context) => {
  const folder = await smallServices(context);
  const flags = ["--profile", "envoy", "--rounds", "1", "--rate", "50", "--output", "json"];
  const { exitCode, stdout, stderr } = await seaworthy(["trial", "app.yaml", ...flags], { cwd: folder });
  assert.ok(stdout.startsWith("{"), stderr);
  const { failures, targets, notices, terminations } = JSON.parse(stdout);
  // Nothing is lost; what two ends of pods prove beyond that is not this test's question.
  assert.deepEqual([failures, exitCode], [[], 3], stderr);
  assert.deepEqual(
    targets.map(({ name, methods, status }: Record<string, unknown>) => [name, methods, status]),
    [
      ["service shop:80", ["GET"], [[200, 399]]],
      [
        "service admin:8090",
        ["GET", "POST"],
        [
          [200, 399],
          [401, 401],
        ],
      ],
    ],
  );
  assert.equal(terminations, 2, "what cannot be judged is not rolled");
  for (const pattern of leftOut)
    assert.equal(
      notices.filter((each: string) => pattern.test(each)).length,
      1,
      `${pattern}\n${notices.join("\n")}`,
    );
  assert.ok(notices.some((each: string) => /service admin:8090 \(GET \/ 401\)/.test(each)));
  assert.ok(notices.some((each: string) => /only GET is tried: service shop:80 \(POST \/ 405\)/.test(each)));
});

test("up shows a URL that works for each Service that speaks HTTP, and one notice for each kind of other", async (context) => {
  const folder = await smallServices(context);
  const child = spawn(process.execPath, [resolve("packages/cli/src/main.mjs"), "up", "app.yaml"], {
    cwd: folder,
    env: { ...process.env, CI: "1", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  context.after(() => child.kill("SIGKILL"));
  const told = text(child.stderr);
  const urls = new Map<string, string>();
  for await (const line of createInterface({ input: child.stdout })) {
    const [url = "", what = ""] = line.split(/ {3,}/);
    urls.set(what, url);
    if (urls.size === 2) break;
  }
  const answers: [string, number][] = [];
  for (const [what, url] of urls) answers.push([what, (await fetch(url)).status]);
  assert.deepEqual(answers, [
    ["Service shop:80", 200],
    ["Service admin:8090", 401],
  ]);
  const ended = once(child, "exit");
  child.kill("SIGINT");
  assert.deepEqual(await ended, [0, null]);
  for (const port of [...urls.values()].map((url) => new URL(url).port))
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
  const notices = (await told).split("\n").filter((line) => line.startsWith("! left out"));
  for (const pattern of leftOut)
    assert.equal(notices.filter((line) => pattern.test(line.slice(2))).length, 1, notices.join("\n"));
});

test("a Service that selects another workload's pods, too: exit 2 soon, with the pods and the label, also with stand-ins", async (context) => {
  const folder = await smallServices(context);
  const labels = "labels: { app: shop, tier: web, release: r1 }";
  const manifest = (await readFile(join(folder, "app.yaml"), "utf8"))
    .split("---\n")
    .slice(0, 2)
    .join("---\n");
  const web = manifest.replace("labels: { app: shop }", labels);
  const worker = manifest
    .split("---\n")[0]!
    .replace("metadata: { name: shop }", "metadata: { name: jobs }")
    .replace("labels: { app: shop }", labels.replace("web", "jobs"))
    .replace("ports: [{ containerPort: 8080 }], ", "")
    .replace(/readinessProbe: .*? } }|lifecycle: .*?1 }/, "tty: false");
  await writeFile(join(folder, "wide.yaml"), `${web}---\n${worker}`);
  await writeFile(join(folder, "seaworthy.yaml"), "");
  const startedAt = performance.now();
  const { exitCode, stderr } = await seaworthy(["trial", "wide.yaml"], { cwd: folder, timeoutMs: 60_000 });
  assert.equal(exitCode, 2, stderr);
  assert.match(stderr, /^error\[SW1210\]: Service shop sends requests to pods of Deployment jobs/m);
  assert.match(stderr, /jobs-\S+ of Deployment jobs: ECONNREFUSED/);
  assert.match(stderr, /next {2}add to spec\.selector of Service shop: `tier: web`/);
  assert.ok(performance.now() - startedAt < 20_000);
});
