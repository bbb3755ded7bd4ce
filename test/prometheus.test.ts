import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { freePort } from "../apps/httpserver/src/testing/free-port.ts";
import { startServerProcess } from "../apps/httpserver/src/testing/server-process.ts";

/** The Prometheus to test with: PROMETHEUS, or the one in PATH. */
const prometheusPath = process.env["PROMETHEUS"] ?? "prometheus";
const found = spawnSync(prometheusPath, ["--version"]).status === 0;
const skip = found ? false : "no prometheus in PATH or named by PROMETHEUS";

const injectedMs = 120;
const bucketsSeconds = [0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, Infinity];

test("Prometheus finds the injected latency and the traces", { skip, timeout: 120_000 }, async () => {
  await using target = await startTarget();
  // The series has to be there before the requests that count: a rate begins with the first value seen.
  await askSlowly(target.port, traceId(0));
  await using prometheus = await startPrometheus(target.port);
  await target.scraped(2);
  const traceIds = Array.from({ length: 10 }, (_, index) => traceId(index + 1));
  const durationsMs = await Promise.all(traceIds.map((id) => askSlowly(target.port, id)));
  // A scrape is stored when the next one begins.
  await target.scraped(3);

  assert.deepEqual(await prometheus.query('up{job="target"}'), [1]);
  assert.deepEqual(await prometheus.query('build_info{version="1.2.3"}'), [1]);
  assert.deepEqual(await prometheus.query('sum(http_request_duration_seconds_count{path="slow"})'), [11]);
  const rate = 'sum(rate(http_server_request_duration_seconds_bucket{http_route="/slow"}[1m])) by (le)';
  const [p95 = NaN] = await prometheus.query(`histogram_quantile(0.95, ${rate})`);
  const slowest = Math.max(...durationsMs) / 1_000;
  const bound = bucketsSeconds.find((seconds) => slowest <= seconds) ?? Infinity;
  assert.ok(p95 > 0.1 && p95 <= bound, `${p95} is not in (0.1, ${bound}]`);
  const exemplars = await prometheus.exemplars(
    'http_server_request_duration_seconds_bucket{http_route="/slow"}',
  );
  assert.ok(exemplars.length > 0, "no exemplar");
  for (const { trace_id } of exemplars)
    assert.ok([traceId(0), ...traceIds].includes(trace_id ?? ""), trace_id);
});

interface Target extends AsyncDisposable {
  readonly port: number;
  /** Resolves when /metrics has been answered so many times more. */
  scraped(times: number): Promise<void>;
}

/** Starts what is measured: the reference server, in which /slow takes `injectedMs`. */
async function startTarget(): Promise<Target> {
  const server = await startServerProcess({
    VERSION: "1.2.3",
    METRICS_COMPAT: "podinfo",
    ROUTES: JSON.stringify({ "/slow": "slow" }),
    FAULTS: JSON.stringify([{ path: "/slow", delay: injectedMs }]),
    // So that the log tells of each scrape.
    ACCESS_LOG_PROBES: "1",
  });
  const scrapes = (): number => server.lines.filter(({ path }) => path === "/metrics").length;
  return {
    port: server.ports[0] ?? 0,
    async scraped(times) {
      const wanted = scrapes() + times;
      await server.logged(() => scrapes() >= wanted);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Asks for /slow within a trace and gives what the client saw it take, in milliseconds. */
async function askSlowly(port: number, traceId: string): Promise<number> {
  const start = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/slow`, {
    headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
  });
  assert.equal(await response.text(), "Hello, You are at /slow, Got: slow");
  return performance.now() - start;
}

function traceId(index: number): string {
  return `0af7651916cd43dd8448eb211c80${index.toString(16).padStart(4, "0")}`;
}

interface Prometheus extends AsyncDisposable {
  /** The values of an instant query. */
  query(query: string): Promise<number[]>;
  /** The labels of a selector's exemplars. */
  exemplars(selector: string): Promise<Record<string, string>[]>;
}

async function startPrometheus(targetPort: number): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-prometheus-"));
  const config = join(folder, "prometheus.yml");
  await writeFile(
    config,
    `global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs: [{job_name: target, static_configs: [{targets: ["127.0.0.1:${targetPort}"]}]}]
`,
  );
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    prometheusPath,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=${address}`,
      "--enable-feature=exemplar-storage",
      "--log.level=error",
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const exited = once(child, "exit");

  async function ask<T>(path: string, parameters: Record<string, string>): Promise<T> {
    const response = await fetch(
      `http://${address}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`,
    );
    const answer = (await response.json()) as { data: T; status: string };
    assert.equal(answer.status, "success", JSON.stringify(answer));
    return answer.data;
  }
  return {
    async query(query) {
      const { result } = await ask<{ result: { value: [number, string] }[] }>("query", { query });
      return result.map(({ value }) => Number(value[1]));
    },
    async exemplars(query) {
      const now = Date.now() / 1_000;
      const range = { start: String(now - 60), end: String(now) };
      const series = await ask<{ exemplars: { labels: Record<string, string> }[] }[]>("query_exemplars", {
        query,
        ...range,
      });
      return series.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels));
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}
