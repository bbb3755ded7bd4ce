import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { connectClient } from "../testing/drain-client.ts";

type Line = Readonly<Record<string, unknown>>;

for (const framework of ["node-http", "fastify", "express", "koa", "hono"]) {
  test(`${framework}: probes, routes, log and drain work with the example`, async (t) => {
    const file = fileURLToPath(new URL(`../../examples/${framework}.ts`, import.meta.url));
    assert.ok(
      readFileSync(file, "utf8").trimEnd().split("\n").length <= 15,
      "an example has at most 15 lines",
    );
    const child = spawn(process.execPath, [file], {
      env: { PATH: process.env["PATH"], PORT: "0", DRAIN_MS: "300", QUIET_MS: "50" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    t.after(() => child.kill("SIGKILL"));
    const exited = once(child, "exit") as Promise<[number | null]>;
    const lines: Line[] = [];
    const ready = Promise.withResolvers<number>();
    createInterface({ input: child.stdout }).on("line", (text) => {
      const line = JSON.parse(text) as Line;
      lines.push(line);
      if (line["msg"] === "ready") ready.resolve((line["ports"] as number[])[0] ?? 0);
    });
    const port = await ready.promise;

    const client = connectClient({ scheme: "http", port, ca: "" });
    t.after(() => client.close());
    assert.equal(await client.ask("/hello/ada"), "hello ada\n");
    assert.equal(await client.ask("/readyz"), "ok\n");
    const metrics = await client.ask("/metrics");
    assert.match(
      metrics,
      /http_server_request_duration_seconds_count\{[^}]*http_route="\/hello\/:name"[^}]*\} 1/,
    );
    if (framework !== "node-http") await assert.rejects(client.ask("/none/of/it"), /status 404/);

    // Keep-alive clients that ask on until they are told to go elsewhere.
    let asked = 0;
    const clients = Array.from({ length: 5 }, async () => {
      const one = connectClient({ scheme: "http", port, ca: "" });
      while (!one.mustReconnect) {
        assert.equal(await one.ask("/hello/bo"), "hello bo\n");
        asked += 1;
        if (asked === 50) child.kill("SIGTERM");
      }
      one.close();
    });
    await Promise.all(clients);
    assert.deepEqual(await exited, [0, null]);
    const requests = lines.filter(({ msg }) => msg === "request");
    assert.equal(requests.filter(({ route }) => route === "/hello/:name").length, asked + 1);
    assert.equal(
      requests.every(({ ending }) => ending === undefined),
      true,
    );
    if (framework !== "node-http") {
      const unmatched = requests.find(({ path }) => path === "/none/of/it");
      assert.deepEqual([unmatched?.["status"], unmatched?.["route"]], [404, undefined]);
    }
    const stopped = lines.findLast(({ msg }) => msg === "stopped");
    assert.deepEqual([stopped?.["exitCode"], stopped?.["reason"]], [0, "SIGTERM"]);
  });
}
