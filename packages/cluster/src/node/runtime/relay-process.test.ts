import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { createNamespaceRuntime } from "./namespace-runtime.ts";

const skip = await createNamespaceRuntime().then(
  (runtime) => runtime[Symbol.asyncDispose]().then(() => false as const),
  (error: Error) => error.message,
);

test("the end of a sandbox can be awaited also when it gets up in between", { skip }, () => {
  const module = new URL("relay-process.ts", import.meta.url).href;
  const flags = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  // While the thread stands still the sandbox says that it is up; that is read only after stop was called.
  const program = `
    const { startRelay } = await import(${JSON.stringify(module)});
    const relays = [1, 2, 3].map(() => startRelay(${JSON.stringify(flags)}));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    await Promise.all(relays.map((relay) => relay.stop()));
    console.log("stopped");`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
  });
  assert.deepEqual([status, stdout], [0, "stopped\n"], stderr);
});
