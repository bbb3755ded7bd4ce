import assert from "node:assert/strict";
import { test } from "node:test";
import type { Probe } from "@seaworthy/kube";
import { startProbeWorker, type ProbeKind } from "./probe-worker.ts";
import { settlingClock } from "../../testing/fake-clock.ts";

function start(
  kind: ProbeKind,
  probe: Probe,
  answers: () => boolean,
  { isStarted = () => kind !== "startup", hurryMs }: { isStarted?: () => boolean; hurryMs?: number } = {},
) {
  const clock = settlingClock();
  const startedAtMs = clock.now();
  const log: string[] = [];
  const at = () => (clock.now() - startedAtMs) / 1000;
  const worker = startProbeWorker({
    clock,
    kind,
    probe,
    startedAtMs,
    hurryMs,
    isStarted,
    run: () => {
      log.push(`probe@${at()}`);
      return Promise.resolve({ success: answers(), message: "down" });
    },
    onFailure: (message) => log.push(`${message}@${at()}`),
    onResult: ({ success }) => log.push(`${success ? "success" : "failure"}@${at()}`),
  });
  return { clock, worker, log };
}

test("probes at once and then each period; a failure counts when it has repeated", async () => {
  let up = true;
  const { clock, log, worker } = start("readiness", { periodSeconds: 5, failureThreshold: 2 }, () => up);
  await clock.advance(1000);
  up = false;
  await clock.advance(10_000);
  assert.deepEqual(log, ["probe@0", "success@0", "probe@5", "down@5", "probe@10", "down@10", "failure@10"]);
  worker.stop();
  await clock.advance(60_000);
  assert.equal(log.length, 7);
});

test("does nothing before initialDelaySeconds", async () => {
  const { clock, log } = start("readiness", { periodSeconds: 2, initialDelaySeconds: 3 }, () => true);
  await clock.advance(5000);
  assert.deepEqual(log, ["probe@4", "success@4"]);
});

test("waits for the startup probe, and is triggered by it out of turn", async () => {
  let started = false;
  const { clock, log, worker } = start("readiness", { periodSeconds: 10 }, () => true, {
    isStarted: () => started,
  });
  await clock.advance(13_000);
  assert.deepEqual(log, []);
  started = true;
  worker.trigger();
  await clock.advance(12_000);
  assert.deepEqual(log, ["probe@13", "success@13", "probe@23"]);
});

test("holds after a failed liveness probe until there is a new container", async () => {
  const { clock, log } = start("liveness", { periodSeconds: 1, failureThreshold: 3 }, () => false);
  await clock.advance(60_000);
  assert.equal(log.at(-1), "failure@2");
});

test("a startup probe ends with its first success", async () => {
  let tries = 0;
  const { clock, log } = start("startup", { periodSeconds: 1, failureThreshold: 30 }, () => (tries += 1) > 3);
  await clock.advance(60_000);
  assert.equal(log.at(-1), "success@3");
});

test("counts successThreshold anew after a failure", async () => {
  const answers = [true, false, true, true, true];
  const probe = { periodSeconds: 1, successThreshold: 2, failureThreshold: 1 };
  const { clock, log } = start("readiness", probe, () => answers.shift() ?? true);
  await clock.advance(4000);
  assert.deepEqual(
    log.filter((entry) => !entry.startsWith("probe") && !entry.startsWith("down")),
    ["failure@1", "success@3"],
  );
});

test("in a hurry it sees the first success soon, and counts failures and later probes by the period alone", async () => {
  let tries = 0;
  const probe = { periodSeconds: 1, failureThreshold: 2 };
  const { clock, log } = start("startup", probe, () => (tries += 1) > 15, { hurryMs: 100 });
  await clock.advance(5000);
  assert.deepEqual(
    log.filter((entry) => !entry.startsWith("probe")),
    ["down@0", "down@1", "failure@1"],
  );
  tries = 0;
  const quick = start("readiness", { periodSeconds: 2, initialDelaySeconds: 1 }, () => (tries += 1) > 3, {
    hurryMs: 100,
  });
  await quick.clock.advance(5000);
  assert.deepEqual(quick.log, [
    "probe@0.1",
    "probe@0.2",
    "probe@0.3",
    "probe@0.4",
    "success@0.4",
    "probe@2",
    "probe@4",
  ]);
});
