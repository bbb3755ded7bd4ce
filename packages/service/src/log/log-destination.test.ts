import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

/** The standard output of a process that has ended. */
async function outputOf(program: string): Promise<string> {
  const module = JSON.stringify(new URL("./log-destination.ts", import.meta.url).href);
  const script = `import { openStdout } from ${module};\nconst out = openStdout(() => undefined);\n${program}`;
  const args = ["--input-type=module", "-e", script];
  return (await promisify(execFile)(process.execPath, args, { maxBuffer: 1e8 })).stdout;
}

test("lines keep their order, whether their texts are made at once or later", async () => {
  const output = await outputOf(`
    for (let i = 0; i < 1_000; i += 1) {
      if (i % 7 === 0) out.write(i + "\\n");
      else out.writeLater({ i }, ({ i }) => i + "\\n");
    }`);
  assert.equal(output, Array.from({ length: 1_000 }, (_, i) => `${i}\n`).join(""));
});

test("a line is written soon without others behind it, and at once when it is asked for", async () => {
  const output = await outputOf(`
    out.writeLater("soon", String);
    await new Promise((resolve) => setTimeout(resolve, 500));
    out.writeLater(" flushed", String);
    await new Promise((resolve) => out.flush(resolve));
    out.writeLater(" at the end", String);
    out.flushSync();
    out.writeLater(" on exit", String);
    process.exit(0);`);
  assert.equal(output, "soon flushed at the end on exit");
});

test("a process that is killed has written what is older than a moment", async () => {
  const killed = outputOf(`
    out.writeLater("older", String);
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 1_000);`);
  await assert.rejects(killed, { signal: "SIGKILL", stdout: "older" });
});
