import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { readGeneration } from "./read-generation.ts";
import { createKubeletVolume } from "./testing/kubelet-volume.ts";
import { watchDirectory, type WatchOptions } from "./watch-directory.ts";

/** A poll interval far beyond a test's end, so that only events can show a change. */
const neverMs = 600_000;

function watching(path: string, options: WatchOptions) {
  let calls = 0;
  let called = Promise.withResolvers<void>();
  const watch = watchDirectory(
    path,
    () => {
      calls += 1;
      called.resolve();
      called = Promise.withResolvers<void>();
    },
    { debounceMs: 2, pollMs: neverMs, ...options },
  );
  return {
    next: () => called.promise,
    calls: () => calls,
    [Symbol.dispose]: () => watch[Symbol.dispose](),
  };
}

function plainFolder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "watched-"));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe("a watched volume", () => {
  for (const name of ["", "app.yaml"]) {
    it(`tells of each of 100 swaps, ${name === "" ? "as a folder" : "as a file in it"}`, async () => {
      using volume = createKubeletVolume({ "app.yaml": "0" });
      const path = join(volume.path, name);
      using watch = watching(path, { stamp: (await readGeneration(path)).stamp });
      for (let swap = 1; swap <= 100; swap += 1) {
        const told = watch.next();
        volume.write({ "app.yaml": String(swap) });
        await told;
        assert.equal((await readGeneration(path)).files.get("app.yaml")?.toString(), String(swap));
      }
      assert.ok(watch.calls() >= 100);
    });
  }

  it("tells once of a swap, though the kubelet makes many steps of it", async () => {
    using volume = createKubeletVolume({ a: "0" });
    using watch = watching(volume.path, { stamp: (await readGeneration(volume.path)).stamp, debounceMs: 20 });
    for (const content of ["1", "2"]) {
      const told = watch.next();
      volume.write({ a: content, b: content });
      await told;
    }
    // The third swap is reported after all events that the second one may have left behind.
    const told = watch.next();
    volume.write({ a: "3" });
    await told;
    assert.equal(watch.calls(), 3);
  });

  it("tells of a change between the reading and the watch, and of the first state when none was read", async () => {
    using volume = createKubeletVolume({ a: "0" });
    const { stamp } = await readGeneration(volume.path);
    volume.write({ a: "1" });
    using late = watching(volume.path, { stamp });
    await late.next();
    using blind = watching(volume.path, {});
    await blind.next();
  });
});

describe("a watched plain folder", () => {
  it("tells of files that are written, appended to, replaced and removed", async (context) => {
    const path = plainFolder(context);
    using watch = watching(path, { stamp: "" });
    const file = join(path, "a");
    const deeds = [
      () => writeFileSync(file, "1"),
      () => appendFileSync(file, "2"),
      () => {
        writeFileSync(join(path, "..tmp"), "3");
        renameSync(join(path, "..tmp"), file);
      },
      () => rmSync(file),
    ];
    for (const deed of deeds) {
      const told = watch.next();
      deed();
      await told;
    }
  });

  it("may be away, and come back with the same inode", async (context) => {
    const path = join(plainFolder(context), "later");
    using watch = watching(path, { missingPollMs: 5 });
    for (let round = 1; round <= 5; round += 1) {
      const made = watch.next();
      mkdirSync(path);
      writeFileSync(join(path, "a"), String(round));
      await made;
      const changed = watch.next();
      writeFileSync(join(path, "b"), String(round));
      await changed;
      const gone = watch.next();
      rmSync(path, { recursive: true });
      await gone;
    }
  });

  it("is looked at without any event as well", async (context) => {
    const path = plainFolder(context);
    mkdirSync(join(path, "sub"));
    // The system reports changes of the folder itself and not of folders in it.
    writeFileSync(join(path, "sub", "a"), "1");
    using watch = watching(path, { stamp: (await readGeneration(path)).stamp, pollMs: 10 });
    const told = watch.next();
    appendFileSync(join(path, "sub", "a"), "2");
    await told;
  });
});

it("a change that could not be used is told again at the next poll", async () => {
  using volume = createKubeletVolume({ a: "0" });
  const used = Promise.withResolvers<number>();
  let calls = 0;
  const onChange = (): void => {
    calls += 1;
    if (calls < 3) throw new Error("not yet");
    used.resolve(calls);
  };
  using _ = watchDirectory(volume.path, onChange, { pollMs: 5 });
  assert.equal(await used.promise, 3);
});

it("tells nothing once it is disposed of", async () => {
  using volume = createKubeletVolume({ a: "0" });
  const { stamp } = await readGeneration(volume.path);
  const ended = watching(volume.path, { stamp });
  using going = watching(volume.path, { stamp });
  volume.write({ a: "1" });
  ended[Symbol.dispose]();
  await going.next();
  volume.write({ a: "2" });
  await going.next();
  assert.equal(ended.calls(), 0);
});
