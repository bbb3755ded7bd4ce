import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ask, until } from "./ask.ts";
import { noPodNetwork, startUp } from "./start-up.ts";
import { tlsSecret } from "./tls-secret.ts";

/** Debian's Prometheus is built without discovery by Kubernetes, so this is another one than that of other tests. */
const prometheus = process.env["PROMETHEUS_KUBERNETES"] ?? "";
const found = prometheus !== "" && spawnSync(prometheus, ["--version"]).status === 0;
const skip =
  noPodNetwork ||
  (found ? false : "no Prometheus with discovery by Kubernetes named by PROMETHEUS_KUBERNETES");

test(
  "httpserver-observed is published in TLS, and its Prometheus finds and measures it",
  { skip, timeout: 120_000 },
  async () => {
    await using resources = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), "httpserver-observed-"));
    resources.defer(() => rm(folder, { recursive: true, force: true }));
    const { secret, ca } = tlsSecret("course.localhost", { name: "course-tls", namespace: "httpserver" });
    const tls = join(folder, "tls.json");
    await writeFile(tls, JSON.stringify(secret));
    const run = ["--run", `docker.io/prom/prometheus=${prometheus}`];
    const system = resources.use(await startUp("examples/httpserver-observed", tls, ...run));

    const edge = `https://127.0.0.1:${system.tlsPort}/httpserver`;
    const asking = { ca, headers: { host: "course.localhost", "x-course": "yes" } };
    const answer = await ask(`${edge}/hello`, asking);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["x-course"], "yes");
    assert.equal(answer.headers["version"], "v0.0.4");
    assert.equal((await ask(`${edge}/healthz`, asking)).status, 200);

    const api = await system.url(/Service prometheus:9090/);
    const query = async (text: string) => {
      const url = new URL(`/api/v1/query?query=${encodeURIComponent(text)}`, api);
      const { data } = JSON.parse((await ask(url.href)).text) as { data: { result: Sample[] } };
      return data.result;
    };
    const up = await until(async () => {
      const seen = await query('up{namespace="httpserver",service="httpserver"} == 1');
      return seen.length === 2 ? seen : undefined;
    });
    assert.equal(new Set(up.map(({ metric }) => metric["pod"])).size, 2);
    const p95 = await until(async () => {
      await Promise.all(Array.from({ length: 5 }, () => ask(`${edge}/hello`, asking)));
      const [sample] = await query(quantile);
      const seconds = Number(sample?.value[1]);
      return seconds > 0 ? seconds : undefined;
    });
    assert.ok(p95 <= 2.5, `${p95} s, of a delay of 2 s at most`);
  },
);

const quantile =
  "histogram_quantile(0.95, sum(rate(http_server_request_duration_seconds_bucket[5m])) by (le))";

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}
