import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, readlink, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeAtomically } from "./write-atomically.ts";

test("all files change by one rename, what is gone goes, and what is the same is left alone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-atomic-"));
  try {
    const write = (files: Record<string, string>, mode = 0o640) =>
      writeAtomically(folder, new Map(Object.entries(files).map(([name, data]) => [name, { data, mode }])));
    const read = (name: string) => readFile(join(folder, name), "utf8");
    await write({ a: "1", "deep/b": "2" });
    assert.deepEqual((await readdir(folder)).filter((name) => !name.startsWith("..")).toSorted(), [
      "a",
      "deep",
    ]);
    assert.equal(await readlink(join(folder, "a")), "..data/a");
    assert.equal((await stat(join(folder, "a"))).mode & 0o777, 0o640);
    const first = await readlink(join(folder, "..data"));
    await write({ a: "1", "deep/b": "2" });
    assert.equal(await readlink(join(folder, "..data")), first);
    await write({ a: "3", c: "4" });
    assert.deepEqual([await read("a"), await read("c")], ["3", "4"]);
    assert.deepEqual((await readdir(folder)).filter((name) => !name.startsWith("..")).toSorted(), ["a", "c"]);
    const second = await readlink(join(folder, "..data"));
    assert.notEqual(second, first);
    await write({ a: "3", c: "4" }, 0o600);
    assert.notEqual(await readlink(join(folder, "..data")), second);
    assert.equal((await readdir(folder)).length, 4, "..data, its folder and two links");
  } finally {
    await rm(folder, { recursive: true });
  }
});
