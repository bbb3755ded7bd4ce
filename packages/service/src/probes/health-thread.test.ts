import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { SeaworthyError } from "@seaworthy/errors";
import { startHealthThread, type HealthThreadOptions } from "./health-thread.ts";

const log = { error: () => undefined };

async function ask(port: number, path: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  await response.text();
  return response.status;
}

/** Asks again and again until the answer has the status; the test's own timeout ends it. */
async function until(port: number, path: string, status: number): Promise<void> {
  while ((await ask(port, path)) !== status) await new Promise((resolve) => setImmediate(resolve));
}

/** A process that starts a thread, says its port, and then does what `after` says. */
function run(t: TestContext, after: string, options: Partial<HealthThreadOptions> = {}, module?: string) {
  const url = module ?? new URL("./health-thread.ts", import.meta.url).href;
  const given = JSON.stringify({ port: 0, host: "127.0.0.1", state: { isReady: true }, ...options });
  const script = `
    import { readSync, writeSync } from "node:fs";
    import { startHealthThread } from ${JSON.stringify(url)};
    const thread = await startHealthThread({ ...${given}, log: console });
    writeSync(1, thread.port + "\\n");
    ${after}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async (): Promise<string> => String((await lines.next()).value);
  return { child, line };
}

/** Blocks the main thread in a system call until the test writes, and then waits on. */
const block = `
  setTimeout(() => {
    writeSync(1, "blocked\\n");
    readSync(0, Buffer.alloc(1));
    setInterval(() => {}, 1000);
  }, 10);`;

test(
  "while the main thread is blocked the thread still answers that it lives",
  { timeout: 20_000 },
  async (t) => {
    const { line } = run(t, block);
    const port = Number(await line());
    assert.equal(await line(), "blocked");
    assert.equal(await ask(port, "/livez"), 200);
    assert.equal(await ask(port, "/readyz"), 200);
  },
);

test(
  "blocked for longer than is granted it is dead, and alive again afterwards",
  { timeout: 20_000 },
  async (t) => {
    const { child, line } = run(t, block, { stallMs: 600 });
    const port = Number(await line());
    assert.equal(await line(), "blocked");
    await until(port, "/livez", 503);
    assert.equal(await ask(port, "/readyz"), 503);
    child.stdin.write("x");
    await until(port, "/livez", 200);
  },
);

test("the thread does not keep the process", { timeout: 20_000 }, async (t) => {
  const { child } = run(t, "");
  assert.deepEqual(await once(child, "exit"), [0, null]);
});

test("it works as JavaScript, as it is published", { timeout: 20_000 }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "health-thread-"));
  t.after(() => rm(folder, { recursive: true }));
  const modules = fileURLToPath(new URL("../../../../node_modules", import.meta.url));
  await symlink(modules, join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  for (const name of ["health-thread", "health-worker", "health-state"]) {
    const source = await readFile(new URL(`./${name}.ts`, import.meta.url), "utf8");
    await writeFile(join(folder, `${name}.js`), stripTypeScriptTypes(source).replaceAll('.ts"', '.js"'));
  }
  const { line } = run(t, block, {}, pathToFileURL(join(folder, "health-thread.js")).href);
  const port = Number(await line());
  assert.equal(await ask(port, "/livez"), 200);
});

test("readiness follows what the service says: at once when told, else with the next heartbeat", async () => {
  const state = { isReady: false };
  await using thread = await startHealthThread({ port: 0, host: "127.0.0.1", state, heartbeatMs: 20, log });
  assert.deepEqual([await ask(thread.port, "/livez"), await ask(thread.port, "/readyz")], [200, 503]);
  state.isReady = true;
  thread.beat();
  assert.equal(await ask(thread.port, "/readyz?verbose"), 200);
  state.isReady = false;
  await until(thread.port, "/readyz", 503);
});

test("other paths are not found, and the probes' own can be others", async () => {
  const paths = { livez: "/live" };
  const state = { isReady: true };
  await using thread = await startHealthThread({ port: 0, host: "127.0.0.1", state, paths, log });
  assert.deepEqual([await ask(thread.port, "/live"), await ask(thread.port, "/livez")], [200, 404]);
});

test("a port that is taken is named, and after its end the port is free", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const start = () => startHealthThread({ port, host: "127.0.0.1", state: { isReady: true }, log });
  await assert.rejects(
    start(),
    (error) => error instanceof SeaworthyError && error.code === "SW8006" && /EADDRINUSE/.test(error.message),
  );
  server.close();
  await once(server, "close");
  const thread = await start();
  await thread[Symbol.asyncDispose]();
  const again = await start();
  await again[Symbol.asyncDispose]();
});
