import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { recordBuildInfo } from "./build-info.ts";
import { createHttpMetrics } from "./http-metrics.ts";
import { createMetricsRegistry } from "./metrics-registry.ts";
import { startProcessMetrics } from "./process-metrics.ts";
import { exampleExchange } from "./testing/example-exchange.ts";

/** The promtool to test with: PROMTOOL, or the one in PATH. */
const promtool = process.env["PROMTOOL"] ?? "promtool";
const found = spawnSync(promtool, ["--version"]).status === 0;
const skip = found ? false : "no promtool in PATH or named by PROMTOOL";

test("promtool finds nothing to say about our metrics", { skip }, async () => {
  const registry = createMetricsRegistry();
  using _process = startProcessMetrics(registry, { gc: true });
  recordBuildInfo(registry, { name: "shop", version: "1.2.3" });
  const http = createHttpMetrics(registry, { compat: "podinfo" });
  for (const route of ["/", '/odd "{route}"\\', undefined]) {
    const exchange = exampleExchange({ route });
    http.begin(exchange);
    http.end(exchange, 12);
  }
  const { body } = await registry.render();
  assert.match(body, /^http_requests_total\{status="200"\} 3$/m);
  const { status, stdout, stderr } = spawnSync(promtool, ["check", "metrics"], {
    input: body,
    encoding: "utf8",
  });
  assert.deepEqual({ status, said: stdout + stderr }, { status: 0, said: "" });
});
