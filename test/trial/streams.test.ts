import assert from "node:assert/strict";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { httpserverRun } from "../edge/try-httpserver.ts";
import { seaworthy } from "../seaworthy-command.ts";
import { streamApp } from "./stream-app.ts";
import { assertNoFailures, verdictOf } from "./verdict-of.ts";

const flags = ["--scenario", "rollout", "--rounds", "1", "--rate", "40"];

test("streams that are ended in order are not lost, through the Service and through the Ingress", async (context) => {
  const folder = await streamApp(context);
  const { verdict } = await verdictOf(folder, ...flags);
  assertNoFailures(verdict);
  const { held, announced, broken, kinds } = verdict.streams!;
  assert.deepEqual([held, broken], [24, 0]);
  assert.ok(announced >= 24, `${announced} announced`);
  assert.deepEqual(
    kinds.map(({ kind, target, connections }) => `${kind} ${target} ${connections}`),
    ["sse ingress 6", "websocket ingress 6", "sse service 6", "websocket service 6"],
  );
  assert.notEqual(verdict.verdict, "leaking");
});

test("streams that are cut make a service leak that loses no request, each with its pod and cause", async (context) => {
  const folder = await streamApp(context, { careless: true });
  const { exitCode, verdict } = await verdictOf(folder, ...flags);
  assertNoFailures(verdict);
  assert.deepEqual([exitCode, verdict.verdict], [1, "leaking"]);
  const { announced, broken, unavoidable, breaks } = verdict.streams!;
  assert.deepEqual([announced, unavoidable, breaks.length], [0, 0, broken]);
  assert.ok(broken >= 24, `${broken} broken`);
  const direct = breaks.filter(({ target }) => target === "service");
  assert.ok(direct.every(({ pod, sinceDeletionMs }) => pod !== null && sinceDeletionMs !== null));
  assert.deepEqual([...new Set(direct.map(({ cause }) => cause))], ["connection-cut-on-exit"]);
});

test("the reference service announces the end of its events and its WebSockets", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  await cp("apps/httpserver/k8s", folder, { recursive: true });
  await writeFile(
    join(folder, "seaworthy.yaml"),
    `trial:
  path: /
  streams:
    - { kind: sse, path: /events, connections: 4 }
    - { kind: websocket, path: /ws/echo, connections: 4 }
`,
  );
  const { verdict } = await verdictOf(folder, ...flags, "--run", httpserverRun);
  assertNoFailures(verdict);
  const { held, announced, broken } = verdict.streams!;
  assert.deepEqual([held, broken, announced >= 16], [16, 0, true]);
});

test("a stream that cannot be opened before anything is rolled: exit 2, at its line", async (context) => {
  const streams = "    - { kind: sse, path: / }\n";
  const folder = await streamApp(context, { streams });
  const { exitCode, stderr } = await seaworthy(["trial", "app.yaml"], { cwd: folder });
  assert.equal(exitCode, 2, stderr);
  assert.match(stderr, /error\[SW1211\]: a stream of sse at \/ cannot be opened: ingress: content-type/);
  assert.match(stderr, /seaworthy\.yaml:4/);
});
