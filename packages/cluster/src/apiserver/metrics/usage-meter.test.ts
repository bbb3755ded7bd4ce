import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContainerUsage } from "../../kubelet.ts";
import { createUsageMeter } from "./usage-meter.ts";

const second = 1_000_000_000;

/** Time that passes only when somebody waits, or the test says so. */
function startMeter() {
  let nowMs = 100_000;
  let usages: ContainerUsage[] = [];
  let looks = 0;
  let during = () => {};
  const clock = {
    now: () => nowMs,
    after(delayMs: number, callback: () => void) {
      nowMs += delayMs;
      during();
      queueMicrotask(callback);
      return () => {};
    },
  };
  const readUsage = () => ((looks += 1), usages);
  return {
    meter: createUsageMeter({ readUsage }, clock),
    looks: () => looks,
    set: (...next: ContainerUsage[]) => (usages = next),
    pass: (ms: number) => (nowMs += ms),
    whileWaiting: (act: () => void) => (during = act),
  };
}

function usage(cpuNanoseconds: number, more: Partial<ContainerUsage> = {}): ContainerUsage {
  const names = { namespace: "default", pod: "p", container: "c", node: "n" };
  return { ...names, startedAtMs: 0, cpuNanoseconds, memoryBytes: 1000, ...more };
}

test("who asks first gets the CPU of the second for which he waits", async () => {
  const { meter, set, whileWaiting, looks } = startMeter();
  assert.equal(looks(), 0);
  set(usage(50 * second));
  whileWaiting(() => set(usage(50.25 * second, { memoryBytes: 2000 })));
  const { windowMs, containers } = await meter.read();
  assert.equal(windowMs, 1000);
  assert.equal(containers[0]?.nanocores, 0.25 * second);
  assert.equal(containers[0]?.memoryBytes, 2000);
});

test("later ones get it since the last look, without waiting; those in the same second the same", async () => {
  const { meter, set, pass, looks } = startMeter();
  set(usage(0));
  await meter.read();
  pass(20_000);
  set(usage(10 * second));
  const { windowMs, containers } = await meter.read();
  assert.equal(windowMs, 20_000);
  assert.equal(containers[0]?.nanocores, 0.5 * second);
  pass(999);
  set(usage(11 * second));
  assert.equal((await meter.read()).containers[0]?.nanocores, 0.5 * second);
  assert.equal(looks(), 3);
});

test("what was used more than a minute ago does not count", async () => {
  const { meter, set, pass } = startMeter();
  set(usage(0));
  await meter.read();
  pass(3_600_000);
  set(usage(3000 * second));
  const { windowMs, containers } = await meter.read();
  assert.equal(windowMs, 1000);
  assert.equal(containers[0]?.nanocores, 0);
});

test("a container that is new, or was started anew, is measured since its start", async () => {
  const { meter, set, pass } = startMeter();
  set(usage(100 * second, { startedAtMs: 1 }));
  await meter.read();
  pass(10_000);
  set(usage(1 * second, { startedAtMs: 109_000 }));
  const [container] = (await meter.read()).containers;
  assert.equal(container?.windowMs, 2000);
  assert.equal(container?.nanocores, 0.5 * second);
});

test("two who ask at once wait together", async () => {
  const { meter, set, looks } = startMeter();
  set(usage(0));
  await Promise.all([meter.read(), meter.read()]);
  assert.equal(looks(), 2);
});
