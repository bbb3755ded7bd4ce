import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isPresent } from "./is-present.ts";
import { hasMemoryFolders, memoryFolder, removeMemoryFolders } from "./memory-folder.ts";

test("a folder in memory is found again by its link, and goes with its pod", async (context) => {
  if (!(await hasMemoryFolders())) return context.skip("no /dev/shm");
  const podDir = await mkdtemp(join(tmpdir(), "seaworthy-memory-"));
  try {
    const path = join(podDir, "volumes", "cache");
    const folder = await memoryFolder(path);
    await writeFile(join(path, "file"), "x");
    assert.equal(await memoryFolder(path), folder);
    assert.ok(await isPresent(join(folder, "file")));
    await removeMemoryFolders(podDir);
    assert.equal(await isPresent(folder), false);
    assert.equal(await isPresent(join(await memoryFolder(path), "file")), false);
    await removeMemoryFolders(podDir);
  } finally {
    await rm(podDir, { recursive: true });
  }
});
