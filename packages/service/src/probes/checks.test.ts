import assert from "node:assert/strict";
import { test } from "node:test";
import { createMetricsRegistry } from "../metrics/metrics-registry.ts";
import { createChecks, type Check, type CheckResult } from "./checks.ts";

function setUp() {
  const registry = createMetricsRegistry();
  const logged: string[] = [];
  const clock = { nowMs: 0 };
  const note = (fields: object, message: string) =>
    void logged.push(`${message}: ${"error" in fields ? String(fields.error) : ""}`);
  const log = { debug: note, info: note, warn: note, error: note };
  const checks = createChecks({ log, registry, now: () => clock.nowMs });
  /** Adds a readiness check with these parts, and counts its runs. */
  const add = (check: Check["check"], parts: Partial<Check> = {}): { runs: number } => {
    const count = { runs: 0 };
    checks.add({
      name: "database",
      kind: "readiness",
      check(signal) {
        count.runs += 1;
        return check(signal);
      },
      ...parts,
    });
    return count;
  };
  const oks = async () => (await checks.run("readiness")).map(({ ok }) => ok);
  return { registry, logged, clock, checks, add, oks };
}

const isFresh = (results: unknown): results is readonly CheckResult[] => Array.isArray(results);

test("without checks, and with ones that answer at once, there is no promise", () => {
  const { checks, add } = setUp();
  assert.deepEqual(checks.run("liveness"), []);
  add(() => undefined);
  assert.ok(isFresh(checks.run("readiness")));
});

test("a result is kept for its time; a failure for a shorter one", async () => {
  const { clock, add, oks } = setUp();
  let broken = false;
  const count = add(
    async () => {
      if (broken) throw new Error("refused");
    },
    { cacheMs: 1_000 },
  );
  assert.deepEqual(await oks(), [true]);
  clock.nowMs = 999;
  broken = true;
  assert.deepEqual(await oks(), [true]);
  assert.equal(count.runs, 1);
  clock.nowMs = 1_000;
  assert.deepEqual(await oks(), [false]);
  broken = false;
  clock.nowMs = 1_249;
  assert.deepEqual(await oks(), [false]);
  clock.nowMs = 1_250;
  assert.deepEqual(await oks(), [true]);
  assert.equal(count.runs, 3);
});

test("those who ask at the same time share one run", async () => {
  const { add, oks } = setUp();
  const gate = Promise.withResolvers<void>();
  const count = add(() => gate.promise);
  const asked = [oks(), oks(), oks()];
  gate.resolve();
  assert.deepEqual(await Promise.all(asked), [[true], [true], [true]]);
  assert.equal(count.runs, 1);
});

test("a check that takes too long has failed, is told so, and is not started again until it has ended", async () => {
  const { clock, add, oks, logged } = setUp();
  const gate = Promise.withResolvers<void>();
  let signal: AbortSignal | undefined;
  const count = add(
    (given) => {
      signal = given;
      return gate.promise;
    },
    { timeoutMs: 20 },
  );
  assert.deepEqual(await oks(), [false]);
  assert.equal(signal?.aborted, true);
  clock.nowMs = 60_000;
  assert.deepEqual(await oks(), [false]);
  assert.equal(count.runs, 1);
  gate.resolve();
  await gate.promise;
  assert.equal(logged.length, 1, "an end that comes too late is no result");
  clock.nowMs = 120_000;
  assert.deepEqual(await oks(), [true]);
  assert.equal(count.runs, 2);
  assert.deepEqual(logged, [
    "health check failed: it did not end within 20 ms",
    "health check passes again: ",
  ]);
});

test("whatever is thrown, rejected, or rejected too late is a failure, never a crash", async () => {
  const { add, oks } = setUp();
  const late = Promise.withResolvers<void>();
  add(() => Promise.reject(undefined), { name: "nothing" });
  add(
    () => {
      throw new Error("at once");
    },
    { name: "sync" },
  );
  add(() => late.promise, { name: "late", timeoutMs: 5 });
  assert.deepEqual(await oks(), [false, false, false]);
  late.reject(new Error("too late"));
  await new Promise((resolve) => setImmediate(resolve));
});

test("a failure and its recovery are logged once each, and the metrics show the last run", async () => {
  const { registry, clock, add, oks, logged } = setUp();
  let broken = true;
  add(() => {
    clock.nowMs += 20;
    if (broken) throw new Error("refused by db:5432");
  });
  for (let probe = 0; probe < 3; probe += 1) {
    clock.nowMs += 5_000;
    await oks();
  }
  const metrics = async () => (await registry.render()).body;
  assert.match(await metrics(), /^health_check_passing\{check="database",kind="readiness"\} 0$/m);
  broken = false;
  clock.nowMs += 5_000;
  await oks();
  assert.match(await metrics(), /^health_check_passing\{check="database",kind="readiness"\} 1$/m);
  assert.match(await metrics(), /^health_check_duration_seconds\{check="database",kind="readiness"\} 0.02$/m);
  assert.deepEqual(logged, ["health check failed: refused by db:5432", "health check passes again: "]);
});

test("kinds are apart, an excluded check is not run, and names are checked", async () => {
  const { checks, add } = setUp();
  const count = add(() => undefined);
  checks.add({ name: "loop", kind: "liveness", check: () => undefined });
  const names = async (excluded?: Set<string>) =>
    (await checks.run("readiness", excluded)).map(({ name }) => name);
  assert.deepEqual(await names(new Set(["database"])), []);
  assert.equal(count.runs, 0);
  assert.deepEqual(await names(), ["database"]);
  assert.throws(() => add(() => undefined), TypeError);
  for (const name of ["", "a b", "a\n[+]b", "lifecycle"]) {
    assert.throws(() => add(() => undefined, { name }), TypeError, name);
  }
});
