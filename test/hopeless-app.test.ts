import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test, type TestContext } from "node:test";
import { seaworthy, type Finished } from "./seaworthy-command.ts";
import { shopManifest } from "./shop-manifest.ts";

// What shows only when it runs must still end by itself, say where and what to do, and leave no process behind.

/** Long enough for the deadlines below, and short enough to show a command that never ends. */
const timeoutMs = 60_000;

test("an app that never gets ready: exit 1 at the deadline, with pod, probe and what to do", async (context) => {
  const { exitCode, stderr } = await runMarked(context, [
    "trial",
    "app.yaml",
    "--timeout",
    "4",
    "--run",
    `shop:1='${process.execPath}' -e 'setInterval(() => {}, 1e9)'`,
  ]);
  assert.equal(exitCode, 1, stderr);
  assert.match(stderr, /error\[SW\d{4}\]: .*shop/);
  assert.match(stderr, /Readiness probe failed/);
  assert.match(stderr, /app\.yaml:\d+/);
  assert.match(stderr, /│ next {2}\S/);
});

test("an app whose command does not exist: told before the deadline, with what to do", async (context) => {
  const args = ["trial", "app.yaml", "--timeout", "50", "--run", "shop:1=seaworthy-no-such-command"];
  const { exitCode, stderr } = await runMarked(context, args);
  assert.ok(exitCode === 1 || exitCode === 2, `exit ${exitCode}\n${stderr}`);
  assert.match(stderr, /seaworthy-no-such-command/);
  assert.match(stderr, /app\.yaml:\d+/);
  assert.match(stderr, /│ next {2}\S/);
});

for (const [name, args] of [
  ["the Ingress", ["up", "app.yaml", "--port"]],
  ["the Ingress in TLS", ["up", "app.yaml", "--tls-port"]],
  ["the API server", ["cluster", "--port"]],
] as const) {
  test(`a taken port for ${name}: exit 2, with the port and what to do`, async (context) => {
    const holder = createServer().listen(0, "127.0.0.1");
    context.after(() => holder.close());
    await once(holder, "listening");
    const { port } = holder.address() as AddressInfo;
    const { exitCode, stderr } = await runMarked(context, [...args, String(port)]);
    assert.equal(exitCode, 2, stderr);
    assert.ok(stderr.includes(String(port)), stderr);
    assert.match(stderr, /│ next {2}\S/);
  });
}

/** Runs the command with a mark in its PATH, which everything that it starts inherits, and looks for that mark afterwards. */
async function runMarked(context: TestContext, args: readonly string[]): Promise<Finished> {
  const cwd = mkdtempSync(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rmSync(cwd, { recursive: true, force: true }));
  writeFileSync(join(cwd, "app.yaml"), shopManifest);
  const mark = `/mark-${randomUUID()}`;
  const env = { PATH: [process.env["PATH"], mark].join(delimiter) };
  const finished = await seaworthy(args, { cwd, env, timeoutMs });
  assert.notEqual(finished.exitCode, null, `it did not end in ${timeoutMs} ms\n${finished.stderr}`);
  if (process.platform === "linux") assert.deepEqual(processesWith(mark), []);
  return finished;
}

function processesWith(mark: string): string[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && contains(`/proc/${entry}/environ`, mark))
    .map((pid) => `${pid} ${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")}`);
}

/** A process may end while it is looked at, and those of other users do not show their environment. */
function contains(file: string, text: string): boolean {
  try {
    return readFileSync(file, "utf8").includes(text);
  } catch {
    return false;
  }
}
