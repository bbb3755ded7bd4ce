import assert from "node:assert/strict";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { watchFiles } from "./watch-files.ts";

async function inFolder(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const files = watchFiles(folder);
  context.after(() => files[Symbol.dispose]());
  const never = new AbortController().signal;
  return { folder, files, changed: () => files.changed(never) };
}

test(
  "changes in folders, in new folders and of replaced files are heard of",
  { timeout: 20_000 },
  async (context) => {
    const { folder, files, changed } = await inFolder(context);
    await files.cover(["."]);
    await writeFile(join(folder, "a.yaml"), "a: 1\n");
    await changed();
    await mkdir(join(folder, "deep/er"), { recursive: true });
    await changed();
    await files.cover(["."]);
    await writeFile(join(folder, "deep/er/b.yaml"), "b: 1\n");
    await changed();
    await writeFile(join(folder, ".draft"), "a: 2\n");
    await rename(join(folder, ".draft"), join(folder, "a.yaml"));
    await changed();
  },
);

test("of a file's folder only that file and the settings matter", { timeout: 20_000 }, async (context) => {
  const { folder, files, changed } = await inFolder(context);
  await writeFile(join(folder, "a.yaml"), "a: 1\n");
  await files.cover(["a.yaml"]);
  const told: string[] = [];
  const heard = changed().then(() => told.push("heard"));
  await writeFile(join(folder, "log.txt"), "line\n");
  assert.deepEqual(told, []);
  await writeFile(join(folder, "a.yaml"), "a: 2\n");
  await heard;
});

test(
  "what an overlay is made of is followed, wherever it lies, however the overlay is named",
  { timeout: 20_000 },
  async (context) => {
    const { folder, files, changed } = await inFolder(context);
    await mkdir(join(folder, "overlays/prod"), { recursive: true });
    await mkdir(join(folder, "base/deep"), { recursive: true });
    const overlay = "resources: [../../base]\npatches:\n  - path: '../../patch.yaml'\n# ... and no more\n";
    await writeFile(join(folder, "overlays/prod/kustomization.yaml"), overlay);
    await writeFile(join(folder, "base/kustomization.yaml"), "resources: [deep]\n");
    for (const path of ["overlays/prod", "overlays/prod/kustomization.yaml"]) {
      await files.cover([path]);
      for (const file of ["base/deep/a.yaml", "patch.yaml", "overlays/prod/more.yaml"]) {
        await writeFile(join(folder, file), "a: 1\n");
        await changed();
      }
    }
  },
);

test("the baseline of the settings is followed", { timeout: 20_000 }, async (context) => {
  const { folder, files, changed } = await inFolder(context);
  await mkdir(join(folder, "k8s"));
  await writeFile(join(folder, "seaworthy.yaml"), "check: { baseline: old.json }\n");
  await files.cover(["k8s"]);
  await writeFile(join(folder, "old.json"), "{}");
  await changed();
});

test("an abort ends the wait", async (context) => {
  const { files } = await inFolder(context);
  await files.cover(["**/*.yaml"]);
  const stop = new AbortController();
  const waiting = files.changed(stop.signal);
  stop.abort();
  await waiting;
});
