import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container } from "@seaworthy/kube";
import type { ContainerContext } from "./container-context.ts";
import { ContainerLifecycle } from "./container-lifecycle.ts";
import { createJournalBook } from "./container-journal.ts";
import { createGracePeriod } from "./grace-period.ts";
import { containerdPace } from "../../node-pace.ts";
import { settlingClock } from "../../testing/fake-clock.ts";
import { createFakeSandbox } from "../testing/fake-sandbox.ts";

async function start(
  more: Partial<Container> = {},
  restart: ContainerContext["restart"] = "Always",
  execDelayMs = 0,
) {
  const clock = settlingClock();
  const sandbox = createFakeSandbox();
  const events: string[] = [];
  const startedMs = clock.now();
  const journals = createJournalBook();
  const lifecycle = new ContainerLifecycle(
    { name: "web", image: "web", ...more },
    {
      clock,
      clusterClock: clock,
      uid: "uid",
      logDir: "/none",
      terminationDir: "/none",
      sandbox,
      limits: { holdsCpu: false, confine: () => undefined, place: () => {} },
      restart,
      pace: () => containerdPace,
      execDelayMs: () => execDelayMs,
      podName: "pod_default(uid)",
      terminationGraceMs: () => 30_000,
      prepare: (container, { logFile }) =>
        Promise.resolve({
          spec: { name: container.name, argv: ["web"], env: {}, workingDir: "/", mounts: [], logFile },
          terminationLog: undefined,
          standIn: false,
          stopSignal: "SIGTERM",
        }),
      event: (_type, reason) => events.push(`${reason}@${(clock.now() - startedMs) / 1000}`),
      journal: (start) => journals.begin({ namespace: "default", pod: "pod", podUid: "uid", ...start }),
      changed: () => {},
    },
  );
  const over = lifecycle.run();
  await clock.advance(0);
  return {
    clock,
    sandbox,
    events,
    lifecycle,
    journals,
    over,
    signals: () => sandbox.started.at(-1)!.signals.join(),
  };
}

test("sends SIGTERM after preStop, and SIGKILL at the end of the grace", async () => {
  const { clock, lifecycle, signals, over } = await start({
    lifecycle: { preStop: { sleep: { seconds: 5 } } },
  });
  const stopped = lifecycle.stop(createGracePeriod(clock, 30_000));
  await clock.advance(4900);
  assert.equal(signals(), "");
  await clock.advance(200);
  assert.equal(signals(), "SIGTERM");
  await clock.advance(24_800);
  assert.equal(signals(), "SIGTERM");
  await clock.advance(200);
  assert.equal(signals(), "SIGTERM,SIGKILL");
  await Promise.all([stopped, over]);
  assert.equal(lifecycle.record.state.terminated?.exitCode, 137);
});

test("a hook's command begins when the runtime has it ready, and that is part of its time", async () => {
  const command = ["sleep", "5"];
  const { clock, sandbox, lifecycle } = await start(
    { lifecycle: { preStop: { exec: { command } } } },
    "Always",
    100,
  );
  const timeouts: number[] = [];
  sandbox.exec = (_process, _spec, _argv, timeoutMs) => {
    timeouts.push(timeoutMs);
    return Promise.resolve({ exitCode: 0, output: "", timedOut: false });
  };
  void lifecycle.stop(createGracePeriod(clock, 30_000));
  await clock.advance(90);
  assert.deepEqual(timeouts, []);
  await clock.advance(20);
  assert.deepEqual(timeouts, [29_900]);
});

test("gives 2 s after SIGTERM when preStop has eaten the grace", async () => {
  const { clock, lifecycle, signals } = await start({ lifecycle: { preStop: { sleep: { seconds: 60 } } } });
  void lifecycle.stop(createGracePeriod(clock, 10_000));
  await clock.advance(10_000);
  assert.equal(signals(), "SIGTERM");
  await clock.advance(1900);
  assert.equal(signals(), "SIGTERM");
  await clock.advance(100);
  assert.equal(signals(), "SIGTERM,SIGKILL");
});

test("a shorter second deletion shortens the grace, and no grace means no hook", async () => {
  const first = await start();
  const grace = createGracePeriod(first.clock, 30_000);
  void first.lifecycle.stop(grace);
  await first.clock.advance(5000);
  grace.shorten(1000);
  await first.clock.advance(1000);
  assert.equal(first.signals(), "SIGTERM,SIGKILL");

  const second = await start({ lifecycle: { preStop: { exec: { command: ["sleep", "9"] } } } });
  void second.lifecycle.stop(createGracePeriod(second.clock, 0));
  await second.clock.advance(0);
  assert.deepEqual(second.sandbox.execs, []);
  assert.equal(second.signals(), "SIGTERM");
});

test("restarts at once, then after 10, 20, 40 s", async () => {
  const { clock, sandbox, lifecycle } = await start();
  const crash = () => {
    sandbox.started.at(-1)!.exit(1);
    return clock.advance(0);
  };
  await crash();
  assert.equal(sandbox.started.length, 2);
  for (const [index, seconds] of [10, 20, 40].entries()) {
    await crash();
    assert.equal(lifecycle.record.state.waiting?.reason, "CrashLoopBackOff");
    await clock.advance(seconds * 1000 - 1);
    assert.equal(sandbox.started.length, index + 2);
    await clock.advance(1);
    assert.equal(sandbox.started.length, index + 3);
  }
  assert.equal(lifecycle.record.restartCount, 4);
  assert.equal(lifecycle.record.lastState?.terminated?.exitCode, 1);
});

test("restarts or not by the policy", async () => {
  for (const [policy, exitCode, starts] of [
    ["Always", 0, 2],
    ["OnFailure", 0, 1],
    ["OnFailure", 1, 2],
    ["Never", 1, 1],
  ] as const) {
    const { clock, sandbox } = await start({}, policy);
    sandbox.started[0]!.exit(exitCode);
    await clock.advance(0);
    assert.equal(sandbox.started.length, starts, `${policy} after exit code ${exitCode}`);
  }
});

test("a failed liveness probe kills with the probe's own grace and restarts", async () => {
  const { clock, sandbox, events, signals } = await start({
    livenessProbe: {
      tcpSocket: { port: 80 },
      periodSeconds: 1,
      failureThreshold: 2,
      terminationGracePeriodSeconds: 3,
    },
  });
  await clock.advance(1000);
  assert.equal(signals(), "SIGTERM");
  await clock.advance(3000);
  assert.equal(sandbox.started[0]!.signals.join(), "SIGTERM,SIGKILL");
  assert.equal(sandbox.started.length, 2);
  assert.ok(events.includes("Killing@1"), events.join());
});

test("while terminating only readiness is probed", async () => {
  const { clock, lifecycle, signals, events } = await start({
    readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1, failureThreshold: 1 },
    livenessProbe: { tcpSocket: { port: 80 }, periodSeconds: 4, initialDelaySeconds: 2, failureThreshold: 1 },
  });
  lifecycle.terminating();
  void lifecycle.stop(createGracePeriod(clock, 30_000));
  await clock.advance(9000);
  assert.equal(signals(), "SIGTERM");
  assert.equal(events.filter((event) => event.startsWith("Killing")).length, 1);
  assert.ok(events.includes("Unhealthy@9"));
});

test("a sidecar gets SIGTERM only in its turn", async () => {
  const { clock, lifecycle, signals } = await start();
  const turn = Promise.withResolvers<void>();
  void lifecycle.stop(createGracePeriod(clock, 30_000), turn.promise);
  await clock.advance(5000);
  assert.equal(signals(), "");
  turn.resolve();
  await clock.advance(0);
  assert.equal(signals(), "SIGTERM");
});

test("postStart comes before Running, and its failure restarts the container", async () => {
  const { clock, lifecycle, events } = await start({ lifecycle: { postStart: { sleep: { seconds: 3 } } } });
  assert.equal(lifecycle.record.state.running, undefined);
  await clock.advance(3000);
  assert.ok(lifecycle.record.state.running);

  const failing = await start({ lifecycle: { postStart: { httpGet: { port: 80 } } } });
  await failing.clock.advance(0);
  assert.ok(failing.events.includes("FailedPostStartHook@0"));
  assert.equal(failing.signals(), "SIGTERM");
  assert.ok(!events.includes("FailedPostStartHook@0"));
});

test("the journal tells of the hook, the signal, the kill and the end", async () => {
  const { clock, lifecycle, journals, over } = await start({
    lifecycle: { preStop: { exec: { command: ["sleep", "5"] } } },
  });
  void lifecycle.stop(createGracePeriod(clock, 30_000));
  await clock.advance(30_000);
  await over;
  const [journal] = journals.read();
  assert.equal(journal?.preStop?.result, "done");
  assert.equal(journal.signal?.name, "SIGTERM");
  assert.equal((journal.kill?.at ?? 0) - (journal.endingAt ?? 0), 30_000);
  assert.deepEqual({ by: journal.end?.by, exitCode: journal.end?.exitCode }, { by: "kill", exitCode: 137 });
});

const hooks = [
  ["a missing command", { exitCode: 127, output: "sh: exec: nginx: not found", timedOut: false }, "failed"],
  ["a command that fails", { exitCode: 3, output: "no", timedOut: false }, "failed"],
  ["a command that is cut by its timeout", { exitCode: 137, output: "", timedOut: true }, "cut"],
] as const;

for (const [name, answer, result] of hooks) {
  test(`the journal tells how a preStop hook went: ${name}`, async () => {
    const { clock, sandbox, lifecycle, journals } = await start({
      lifecycle: { preStop: { exec: { command: ["nginx", "-s", "quit"] } } },
    });
    sandbox.exec = () => Promise.resolve(answer);
    void lifecycle.stop(createGracePeriod(clock, 30_000));
    await clock.advance(0);
    const run = journals.read()[0]?.preStop;
    assert.deepEqual([run?.result, run?.exitCode], [result, answer.exitCode]);
  });
}

test("a hook that outlasts the grace is cut, whatever becomes of it later", async () => {
  const { clock, lifecycle, journals } = await start({ lifecycle: { preStop: { sleep: { seconds: 9 } } } });
  void lifecycle.stop(createGracePeriod(clock, 4_000));
  await clock.advance(9_500);
  assert.equal(journals.read()[0]?.preStop?.result, "cut");
});
