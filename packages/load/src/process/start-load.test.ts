import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import type { LoadPlan } from "../plan/plan.ts";
import { startLoad } from "./start-load.ts";
import { startDeafServer } from "../testing/deaf-server.ts";
import { startMisbehavingServer } from "../testing/misbehaving-server.ts";
import { plan, refusingPort, tcp, runWhole, countFailures, quickServer } from "../testing/run-plan.ts";

describe("startLoad counts exactly what the server did", () => {
  it("tells every kind of failure from every other, each exactly as often as it happened", async () => {
    await using server = await startMisbehavingServer();
    const expected: Readonly<Record<string, string>> = {
      "/ok": "ok",
      "/ok-chunked": "ok",
      "/ok-until-close": "ok",
      "/ok-close": "ok",
      "/reset-before": "reset-before-answer",
      "/close-before": "closed-before-answer",
      "/reset-mid": "reset-mid-answer",
      "/close-mid": "closed-mid-answer",
      "/stall": "response-timeout",
      "/stall-mid": "response-timeout",
      "/503": "bad-status",
      "/swapped": "failed-expectation",
      "/malformed": "malformed-answer",
      "/too-long": "malformed-answer",
      "/refused": "refused",
    };
    const paths = Object.keys(expected);
    const targets = paths.map((path) => tcp(path, path === "/refused" ? refusingPort : server.port));
    const each = 12;
    const report = await runWhole(plan(targets, each * paths.length));
    const bad = paths.filter((path) => expected[path] !== "ok");
    assert.deepEqual(
      countFailures(report),
      Object.fromEntries(bad.map((path) => [`${path} ${expected[path]}`, each])),
    );
    assert.equal(report.scheduled, each * paths.length);
    assert.equal(report.ok, each * (paths.length - bad.length));
    assert.equal(report.generator.valid, true, report.generator.why);
    // No retry: the server saw each request once.
    for (const path of paths)
      assert.equal(server.requests.get(path), path === "/refused" ? undefined : each, path);
  });

  it("counts a failure on a used connection, and says what the connection answered before", async () => {
    await using server = await startMisbehavingServer();
    const deeds = ["/second/reset-before", "/second/close-before", "/second/close-mid"];
    const targets = deeds.map((path) => tcp(path, server.port));
    const report = await runWhole(
      plan(targets, 60, { clients: ["keep-alive"], keepAliveConnections: 1, ratePerSecond: 200 }),
    );
    // Each connection serves one request and fails one; two requests that meet on a busy machine take a connection each.
    const done = (deed: string): number => server.deeds.get(deed) ?? 0;
    assert.ok(done("/reset-before") >= 5 && done("/close-before") >= 5 && done("/close-mid") >= 5);
    assert.deepEqual(countFailures(report), {
      "/second/reset-before reset-before-answer": done("/reset-before"),
      "/second/close-before closed-before-answer": done("/close-before"),
      "/second/close-mid closed-mid-answer": done("/close-mid"),
    });
    for (const failure of report.failures) {
      assert.equal(failure.reusedConnection, true);
      assert.deepEqual(failure.previous, { "x-pod-name": "fake-1" });
    }
    assert.equal(report.ok, done("/ok"));
  });

  it("does not count a connection that the server closed while it was idle", async () => {
    await using server = await startMisbehavingServer();
    const loadPlan = plan([tcp("/ok-idle-close", server.port)], 20, {
      clients: ["keep-alive"],
      keepAliveConnections: 1,
      ratePerSecond: 20,
    });
    const report = await runWhole(loadPlan);
    assert.deepEqual(report.failures, []);
    assert.equal(report.ok, 20);
    assert.equal(server.connections(), 20);
  });

  it("uses its keep-alive connections again, and a new one per request for the other client", async () => {
    await using server = await startMisbehavingServer();
    const report = await runWhole(
      plan([tcp("/ok", server.port)], 80, { keepAliveConnections: 5, ratePerSecond: 200 }),
    );
    assert.equal(report.ok, 80);
    // On a busy machine two requests may meet and a spare connection may join the five.
    assert.ok(server.connections() >= 40 + 5 && server.connections() < 40 + 30, `${server.connections()}`);
    assert.deepEqual(Object.keys(report.answeredBy), ["fake-1"]);
    assert.equal(report.answeredBy["fake-1"]?.ok, 80);
  });

  it("opens a further connection rather than letting a request wait", async () => {
    await using server = await startMisbehavingServer();
    const loadPlan = plan([tcp("/stall", server.port)], 40, {
      clients: ["keep-alive"],
      keepAliveConnections: 1,
    });
    const report = await runWhole(loadPlan);
    assert.deepEqual(countFailures(report), { "/stall response-timeout": 40 });
    assert.equal(server.connections(), 40);
    for (const failure of report.failures)
      assert.ok(failure.doneAt - failure.sentAt >= 399, "not before its time");
  });

  it("reports a connect timeout when nobody takes the connection", async () => {
    await using deaf = await startDeafServer();
    const report = await runWhole(plan([tcp("/deaf", deaf.port)], 8, { connectTimeoutMs: 150 }));
    assert.deepEqual(countFailures(report), { "/deaf connect-timeout": 8 });
  });

  it(
    "sends from the source addresses in turn",
    { skip: process.platform === "darwin" && "127.0.0.2 needs an alias" },
    async () => {
      const seen = new Map<string, number>();
      const server = createServer((socket) => {
        const from = socket.remoteAddress ?? "";
        seen.set(from, (seen.get(from) ?? 0) + 1);
        socket.on("error", () => undefined).once("data", () => socket.end("HTTP/1.1 204 No Content\r\n\r\n"));
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const sourceAddresses = ["127.0.0.2", "127.0.0.3"];
      const report = await runWhole(
        plan([tcp("/", port)], 20, { clients: ["new-connection"], sourceAddresses }),
      );
      server.close();
      assert.equal(report.ok, 20);
      assert.deepEqual(Object.fromEntries(seen), { "127.0.0.2": 10, "127.0.0.3": 10 });
    },
  );
});

describe("startLoad as an instrument", () => {
  it(
    "calls a run invalid whose process was stopped for a while",
    { skip: process.platform === "win32" && "no SIGSTOP" },
    async () => {
      await using server = await startMisbehavingServer();
      await using run = await startLoad(plan([tcp("/ok", server.port)], 200, { maxLagP99Ms: 50 }));
      process.kill(run.processIds[0]!, "SIGSTOP");
      await new Promise((resume) => setTimeout(resume, 400));
      process.kill(run.processIds[0]!, "SIGCONT");
      const report = await run.stop();
      assert.equal(report.generator.valid, false);
      assert.match(
        report.generator.why ?? "",
        /requests were sent late: p99 of the send lag was \d+\.\d ms, the limit is 50 ms/,
      );
      // Lateness is no failure of the server: what was asked was answered.
      assert.deepEqual(report.failures, []);
      assert.equal(report.ok, report.scheduled);
      assert.ok(report.latency.maxMs >= 200, "latency counts from the intended time");
    },
  );

  it("is not disturbed by a busy parent", async () => {
    await using server = await quickServer();
    await using run = await startLoad(plan([tcp("/", server.port)], 4000, { ratePerSecond: 200 }));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
    const report = await run.stop();
    assert.ok(report.ok >= 100, `only ${report.ok}`);
    assert.deepEqual(report.failures, []);
    assert.ok(report.generator.lagMaxMs < 500, `${report.generator.lagMaxMs} ms late`);
  });

  it("gives progress, and stops by itself when its time is over", async () => {
    await using server = await startMisbehavingServer();
    await using run = await startLoad(plan([tcp("/ok", server.port), tcp("/503", server.port)], 200));
    const seen: number[] = [];
    let failures = 0;
    const ended = Promise.withResolvers<void>();
    run.onProgress((progress) => {
      seen.push(progress.ok);
      failures += progress.newFailures.length;
      if (progress.ok > 0) assert.ok((progress.recentP99Ms ?? 0) > 0);
      if (progress.ok === 100 && progress.inFlight === 0) ended.resolve();
    });
    await ended.promise;
    assert.ok(seen.length >= 2);
    const report = await run.stop();
    assert.equal(report.scheduled, 200);
    assert.equal(failures, report.failures.length);
    assert.equal(await run.stop(), report);
  });

  it("fails with SW5002 when its process is killed", async () => {
    await using server = await startMisbehavingServer();
    await using run = await startLoad(plan([tcp("/ok", server.port)], 4000));
    process.kill(run.processIds[0]!, "SIGKILL");
    await assert.rejects(
      run.stop(),
      (error) => error instanceof SeaworthyError && error.code === "SW5002" && /SIGKILL/.test(error.message),
    );
  });

  it("ends its process when aborted, and when its parent is killed", async () => {
    await using server = await startMisbehavingServer();
    const abort = new AbortController();
    await using run = await startLoad(plan([tcp("/ok", server.port)], 4000), { signal: abort.signal });
    abort.abort(new Error("enough"));
    await assert.rejects(run.stop(), /enough/);
    await assertParentTakesLoadAlong(plan([tcp("/ok", server.port)], 4000));
  });

  it("refuses a plan that cannot be run before it starts anything", async () => {
    await assert.rejects(
      startLoad(plan([], 10)),
      (error) => error instanceof SeaworthyError && error.code === "SW5001",
    );
  });
});

/** Starts a parent process with a run, kills it with SIGKILL, and waits until the load process has ended too. */
async function assertParentTakesLoadAlong(loadPlan: LoadPlan): Promise<void> {
  const { spawn } = await import("node:child_process");
  const script = `import { startLoad } from ${JSON.stringify(new URL("start-load.ts", import.meta.url).href)};
    const run = await startLoad(${JSON.stringify(loadPlan)}); console.log(run.processIds[0]);`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(parent.stdout, "data")) as [Buffer];
  const loadProcess = Number(String(line));
  assert.ok(isRunning(loadProcess));
  parent.kill("SIGKILL");
  const deadline = performance.now() + 5_000;
  while (isRunning(loadProcess)) {
    assert.ok(performance.now() < deadline, "the load process outlived its parent");
    await new Promise((next) => setTimeout(next, 10));
  }
}

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}
