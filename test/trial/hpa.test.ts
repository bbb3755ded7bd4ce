import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test, type TestContext } from "node:test";
import { seaworthy } from "../seaworthy-command.ts";
import { verdictOf } from "./verdict-of.ts";

const app = resolve("examples/careless/server.ts");
const flags = ["--scenario", "hpa", "--rate", "100", "--path", "/"];
flags.push("--run", `registry.example/careless:1.0.0=node ${app}`);

const autoscaler = (percent: number, maxReplicas: number) => `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: careless }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: careless }
  minReplicas: 3
  maxReplicas: ${maxReplicas}
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: ${percent} } }
`;

/** The careless example with an autoscaler, in a file of its own. */
async function scaled(
  context: TestContext,
  percent: number,
  maxReplicas: number,
  change: (manifests: string) => string = (all) => all,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-hpa-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const manifests = await readFile("examples/careless/k8s/careless.yaml", "utf8");
  const file = join(folder, "careless.yaml");
  await writeFile(file, change(manifests) + autoscaler(percent, maxReplicas));
  return file;
}

test("what pods lose when an autoscaler takes them away is a leak, and how it scaled is told", async (context) => {
  const file = await scaled(context, 30, 6);
  const { exitCode, verdict } = await verdictOf(file, ...flags);
  const [scenario] = verdict.scenarios;
  assert.deepEqual([exitCode, scenario?.name, scenario?.verdict], [1, "hpa", "leaking"]);
  const [scaling] = scenario?.autoscaling ?? [];
  assert.ok(scaling !== undefined);
  assert.deepEqual([scaling.autoscaler, scaling.from, scaling.shortenedWindowSeconds], ["careless", 3, 300]);
  assert.ok(scaling.to > 3 && scaling.topPercent > 110 && scaling.actedAfterMs !== null);
  assert.ok(scaling.readyAfterMs === null || scaling.actedAfterMs < scaling.readyAfterMs);
  assert.ok(scaling.lostDown > 0 && scaling.ended > 0);
});

test("an autoscaler of pods without a CPU request is told with the field at its line", async (context) => {
  const file = await scaled(context, 30, 6, (manifests) => manifests.replace(/^ *cpu: 100m\n/m, ""));
  const { exitCode, stdout, stderr } = await seaworthy(["trial", file, ...flags]);
  assert.equal(exitCode, 3);
  assert.match(stdout, /careless never scales up: .* container careless requests no CPU/);
  assert.match(stderr, /SW6008/);
  assert.match(stderr, /careless\.yaml:\d+/);
  assert.match(stderr, /spec\.template\.spec\.containers\[0\]\.resources\.requests\.cpu/);
});

test("one that has as many pods as it may have is not asked for more", async (context) => {
  const file = await scaled(context, 30, 3);
  const { exitCode, stdout } = await seaworthy(["trial", file, ...flags]);
  assert.equal(exitCode, 3);
  assert.match(stdout, /never scales up: it may have 3 pods at most, and there are 3 already/);
});
