import assert from "node:assert/strict";
import { test } from "node:test";
import { createIpBatch } from "./ip-batch.ts";

/** An agent whose ip says what it is told to, when it is told to. */
function fakeAgent() {
  const runs: { input: string; end(exitCode: number, output: string): void }[] = [];
  return {
    runs,
    run: (_argv: readonly string[], input = "") =>
      new Promise<{ exitCode: number; output: string }>((resolve) => {
        runs.push({ input, end: (exitCode, output) => resolve({ exitCode, output }) });
      }),
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("what is asked for while ip runs is done by the next run together", async () => {
  const agent = fakeAgent();
  const ip = createIpBatch(agent);
  const first = ip.run(["netns add a"]);
  const others = [ip.run(["netns add b", "link set b up"]), ip.run(["netns add c"])];
  assert.deepEqual(
    agent.runs.map(({ input }) => input),
    ["netns add a\n"],
  );
  agent.runs[0]?.end(0, "");
  await first;
  await settled();
  assert.equal(agent.runs[1]?.input, "netns add b\nlink set b up\nnetns add c\n");
  agent.runs[1]?.end(0, "");
  await Promise.all(others);
});

test("the one whose line fails is told what ip said, the others are not", async () => {
  const agent = fakeAgent();
  const ip = createIpBatch(agent);
  const first = ip.run(["link show"]);
  agent.runs[0]?.end(0, "");
  await first;
  await settled();
  const held = ip.run(["link show"]);
  const good = ip.run(["netns add b"]);
  const bad = ip.run(["netns add c", "netns add c"]);
  agent.runs[1]?.end(0, "");
  await held;
  await settled();
  agent.runs[2]?.end(1, 'Cannot create namespace file "c": File exists\nCommand failed -:3\n');
  await good;
  await assert.rejects(bad, { code: "SW2003", message: /Cannot create namespace file "c": File exists/ });
});

test("when ip cannot be run at all, everyone is told", async () => {
  const agent = fakeAgent();
  const ip = createIpBatch(agent);
  const one = ip.run(["netns add a"]);
  agent.runs[0]?.end(127, "spawn ip ENOENT");
  await assert.rejects(one, { code: "SW2003", message: /spawn ip ENOENT/ });
});
