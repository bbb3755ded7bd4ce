import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openDataDirectory } from "./data-directory.ts";

let parent: string;
before(async () => {
  parent = await mkdtemp(join(tmpdir(), "data-directory-test-"));
});
after(() => rm(parent, { recursive: true, force: true }));

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

test("a temporary folder is closed to others, and is removed at the end", async () => {
  const directory = await openDataDirectory(undefined);
  assert.equal(await modeOf(directory.path), 0o700);
  await directory[Symbol.asyncDispose]();
  await assert.rejects(stat(directory.path), { code: "ENOENT" });
});

test("a named folder is made closed, also inside one that does not exist", async () => {
  const path = join(parent, "new", "data");
  await using directory = await openDataDirectory(path);
  assert.equal(await modeOf(directory.path), 0o700);
  assert.equal(await modeOf(join(parent, "new")), 0o700);
});

test("an empty folder that is open to others is closed", async () => {
  const path = join(parent, "empty");
  await mkdir(path);
  await chmod(path, 0o755);
  await using directory = await openDataDirectory(path);
  assert.equal(await modeOf(directory.path), 0o700);
});

test("a folder with something in it is left as it is, and is refused when others may enter it", async () => {
  const path = join(parent, "full");
  await mkdir(path);
  await writeFile(join(path, "notes"), "mine");
  for (const mode of [0o755, 0o711, 0o770, 0o707]) {
    await chmod(path, mode);
    await assert.rejects(openDataDirectory(path), { code: "SW2005" });
    assert.equal(await modeOf(path), mode);
  }
  await chmod(path, 0o700);
  await using directory = await openDataDirectory(path);
  assert.equal(directory.path, path);
});

test("a path that is a file is refused", async () => {
  const path = join(parent, "file");
  await writeFile(path, "");
  await assert.rejects(openDataDirectory(path), { code: "SW2005" });
});
