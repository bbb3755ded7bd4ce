import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { recordBuildInfo } from "./build-info.ts";
import { createMetricsRegistry } from "./metrics-registry.ts";
import { startProcessMetrics } from "./process-metrics.ts";
import { parseExposition, type Sample } from "./testing/parse-exposition.ts";

test("what Prometheus' libraries tell of a process is there, and plausible", async () => {
  const registry = createMetricsRegistry();
  using _metrics = startProcessMetrics(registry);
  const values = await scrape(registry);
  const value = (name: string) => values.get(name)?.value ?? NaN;
  assert.ok(value("process_cpu_seconds_total") > 0);
  assert.ok(value("process_resident_memory_bytes") > value("v8js_memory_heap_used_bytes"));
  assert.ok(value("v8js_memory_heap_limit_bytes") > value("v8js_memory_heap_used_bytes"));
  const age = Date.now() / 1_000 - value("process_start_time_seconds");
  assert.ok(Math.abs(age - process.uptime()) < 1, String(age));
});

test("file descriptors are counted where Linux has them, and absent elsewhere", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-proc-"));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "fd"));
  for (const name of ["0", "1", "2"]) await writeFile(join(folder, "fd", name), "");
  await writeFile(
    join(folder, "limits"),
    "Limit  Soft  Hard  Units\nMax open files            1024    4096    files\n",
  );
  const linux = createMetricsRegistry();
  using _linux = startProcessMetrics(linux, { procFolder: folder });
  assert.equal((await scrape(linux)).get("process_open_fds")?.value, 3);
  assert.equal((await scrape(linux)).get("process_max_fds")?.value, 1_024);

  const elsewhere = createMetricsRegistry();
  using _elsewhere = startProcessMetrics(elsewhere, { procFolder: join(folder, "none") });
  assert.equal((await scrape(elsewhere)).has("process_open_fds"), false);
});

test("a blocked event loop shows, also to the second of two scrapers", async () => {
  const registry = createMetricsRegistry();
  using metrics = startProcessMetrics(registry);
  // In each turn the sample is due in the first 40 ms of the block, so it comes late by 60 at least.
  for (let turn = 0; turn < 10; turn += 1) {
    block(100);
    await sleep(50);
  }
  const [one, other] = [await scrape(registry), await scrape(registry)];
  for (const scraped of [one, other]) {
    const delay = (name: string) => scraped.get(`nodejs_eventloop_delay_${name}_seconds`)?.value ?? NaN;
    assert.ok(delay("max") >= 0.05, String(delay("max")));
    assert.ok(delay("min") <= delay("p50") && delay("p50") <= delay("p90") && delay("p90") <= delay("p99"));
  }
  assert.equal(
    one.get("nodejs_eventloop_delay_max_seconds")?.value,
    other.get("nodejs_eventloop_delay_max_seconds")?.value,
  );
  assert.ok(metrics.eventLoopDelayP99Ms() >= 50, String(metrics.eventLoopDelayP99Ms()));
  const utilization = one.get("nodejs_eventloop_utilization_ratio")?.value ?? NaN;
  assert.ok(utilization > 0.2 && utilization <= 1, String(utilization));
});

test("a process ends by itself while its metrics are kept", () => {
  const folder = JSON.stringify(import.meta.dirname);
  const script = `
    const { createMetricsRegistry } = await import(${folder} + "/metrics-registry.ts");
    const { startProcessMetrics } = await import(${folder} + "/process-metrics.ts");
    startProcessMetrics(createMetricsRegistry(), { gc: true });`;
  const args = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", script];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 });
  assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
});

test("garbage collections are measured when asked for", async () => {
  const registry = createMetricsRegistry();
  using _metrics = startProcessMetrics(registry, { gc: true });
  const collected = async () => (await scrape(registry)).get("v8js_gc_duration_seconds_count")?.value ?? 0;
  for (let round = 0; round < 100 && (await collected()) === 0; round += 1) {
    allocate();
    await sleep(1);
  }
  assert.ok((await collected()) > 0);
});

test("build and target are told as labels", async () => {
  const registry = createMetricsRegistry();
  recordBuildInfo(registry, { name: "shop", version: "1.2.3", revision: "abc", instanceId: "shop-0" });
  const values = await scrape(registry);
  assert.deepEqual(values.get("build_info")?.labels, {
    name: "shop",
    version: "1.2.3",
    revision: "abc",
    node_version: process.versions.node,
  });
  assert.deepEqual(values.get("target_info")?.labels, {
    service_name: "shop",
    service_version: "1.2.3",
    service_instance_id: "shop-0",
  });
});

async function scrape(registry: ReturnType<typeof createMetricsRegistry>): Promise<Map<string, Sample>> {
  const { body } = await registry.render("application/openmetrics-text");
  return new Map(parseExposition(body).map((sample) => [sample.name, sample]));
}

function block(durationMs: number): void {
  const start = performance.now();
  while (performance.now() - start < durationMs);
}

function allocate(): unknown {
  return Array.from({ length: 100_000 }, (_, index) => ({ index }));
}
