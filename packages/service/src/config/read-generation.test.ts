import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { SeaworthyError } from "@seaworthy/errors";
import { readGeneration, type Generation } from "./read-generation.ts";
import { createKubeletVolume } from "./testing/kubelet-volume.ts";
import type { SwapOrder } from "./testing/swap-volume.ts";

function plainFolder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "plain-folder-"));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function textsOf({ files }: Generation): Record<string, string> {
  return Object.fromEntries([...files].map(([name, content]) => [name, content.toString()]));
}

async function refusal(path: string, limits?: Parameters<typeof readGeneration>[1]): Promise<SeaworthyError> {
  const error: unknown = await readGeneration(path, { pauseMs: 1, ...limits }).catch((each: unknown) => each);
  assert.ok(error instanceof SeaworthyError, String(error));
  assert.equal(error.code, "SW8003");
  return error;
}

describe("a volume of the kubelet", () => {
  it("is read as its files, those in folders, too, and nothing of the kubelet's own", async () => {
    using volume = createKubeletVolume({ "app.yaml": "a: 1\n", "routes/one.json": "{}", ".hidden": "" });
    const generation = await readGeneration(volume.path, { nowMs: () => 5 });
    assert.deepEqual(textsOf(generation), { "app.yaml": "a: 1\n", "routes/one.json": "{}", ".hidden": "" });
    assert.equal(generation.readAtMs, 5);
  });

  it("has an id that depends on names and contents only", async () => {
    using volume = createKubeletVolume({ a: "1", b: "2" });
    using same = createKubeletVolume({ b: "2", a: "1" });
    const ids = [(await readGeneration(volume.path)).id, (await readGeneration(same.path)).id];
    for (const files of [{ a: "12", b: "" }, { a: "1", c: "2" }, { a: "1" }, { a: "1", b: "2" }] as const) {
      volume.write(files);
      ids.push((await readGeneration(volume.path)).id);
    }
    assert.equal(ids[0], ids[1]);
    assert.equal(ids[0], ids[5]);
    assert.equal(new Set(ids).size, 4);
  });

  it("is one file when the path is a file's, also through the kubelet's links", async () => {
    using volume = createKubeletVolume({ "app.yaml": "a: 1\n", other: "" });
    const first = await readGeneration(join(volume.path, "app.yaml"));
    assert.deepEqual(textsOf(first), { "app.yaml": "a: 1\n" });
    volume.write({ "app.yaml": "a: 2\n", other: "" });
    assert.notEqual((await readGeneration(join(volume.path, "app.yaml"))).stamp, first.stamp);
  });

  it("is never torn and never goes back, while 1,000 swaps are made as fast as another thread can", async () => {
    const names = ["one", "two", "sub/three", "sub/four"];
    using volume = createKubeletVolume(Object.fromEntries(names.map((name) => [name, `${name} 0`])));
    const order: SwapOrder = { path: volume.path, names, swaps: 1_000, pauseMs: 1 };
    const worker = new Worker(new URL("./testing/swap-volume.ts", import.meta.url), { workerData: order });
    let running = true;
    const ended = once(worker, "exit").finally(() => (running = false));
    const seen = new Set<number>();
    let last = 0;
    while (running) {
      const texts = textsOf(await readGeneration(volume.path, { attempts: 1_000, pauseMs: 1 }));
      assert.deepEqual(Object.keys(texts).sort(), names.toSorted());
      const numbers = Object.entries(texts).map(([name, text]) => Number(text.slice(name.length + 1)));
      assert.equal(new Set(numbers).size, 1, JSON.stringify(texts));
      assert.ok(numbers[0]! >= last, `${numbers[0]} after ${last}`);
      last = numbers[0]!;
      seen.add(last);
      await new Promise(setImmediate);
    }
    assert.deepEqual(await ended, [0]);
    assert.equal(textsOf(await readGeneration(volume.path))["one"], "one 1000");
    assert.ok(seen.size >= 20, `only ${seen.size} generations were read while they changed`);
  });
});

describe("a plain folder", () => {
  it("is read with its folders; a link to a folder is not entered, and what begins with .. is left out", async (context) => {
    const path = plainFolder(context);
    mkdirSync(join(path, "sub"));
    writeFileSync(join(path, "sub", "b"), "2");
    writeFileSync(join(path, "a"), "1");
    writeFileSync(join(path, "..not"), "");
    symlinkSync("a", join(path, "link"));
    symlinkSync("..", join(path, "loop"));
    assert.deepEqual(textsOf(await readGeneration(path)), { a: "1", link: "1", "sub/b": "2" });
  });

  it("has another stamp after a file was replaced by one of the same length", async (context) => {
    const path = plainFolder(context);
    writeFileSync(join(path, "a"), "1");
    const before = await readGeneration(path);
    writeFileSync(join(path, "b"), "2");
    renameSync(join(path, "b"), join(path, "a"));
    const after = await readGeneration(path);
    assert.notEqual(after.stamp, before.stamp);
    assert.notEqual(after.id, before.id);
  });
});

describe("what cannot be read is SW8003 and says why", () => {
  it("when there is nothing, or a link leads nowhere", async (context) => {
    const path = plainFolder(context);
    assert.match((await refusal(join(path, "none"))).message, /none cannot be read: ENOENT/);
    symlinkSync("nowhere", join(path, "dangling"));
    assert.match((await refusal(path)).message, /ENOENT.*dangling/);
    rmSync(join(path, "dangling"));
    symlinkSync("..gone", join(path, "..data"));
    assert.match((await refusal(path)).message, /ENOENT/);
  });

  it("when there is too much", async () => {
    using volume = createKubeletVolume({ a: "12345", b: "67890" });
    assert.match((await refusal(volume.path, { maxBytes: 9 })).message, /more than 9 bytes/);
    assert.match((await refusal(volume.path, { maxFiles: 2 })).message, /more than 2 files/);
    assert.equal((await readGeneration(volume.path, { maxBytes: 10, maxFiles: 3 })).files.size, 2);
  });

  it("when the user may not, and what to change in the manifest", async () => {
    using volume = createKubeletVolume({ a: "1" });
    const seen = await readAsNobody(join(volume.path, "a"), volume.path);
    assert.equal(seen.code, "SW8003");
    assert.match(seen.message, /EACCES/);
    assert.match(seen.next, /fsGroup/);
  });
});

/** Reads as a user who is not root, because root ignores file modes. */
async function readAsNobody(
  file: string,
  path: string,
): Promise<{ code: string; message: string; next: string }> {
  const script = `
    import { chmodSync } from "node:fs";
    chmodSync(${JSON.stringify(file)}, 0o000);
    const { readGeneration } = await import(${JSON.stringify(import.meta.resolve("./read-generation.ts"))});
    if (process.getuid() === 0) {
      chmodSync(${JSON.stringify(path)}, 0o755);
      process.setuid(65534);
    }
    const error = await readGeneration(${JSON.stringify(path)}).catch((each) => each);
    console.log(JSON.stringify({ code: error.code, message: error.message, next: error.details.next[0] }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  return JSON.parse(stdout) as { code: string; message: string; next: string };
}
